// SPDX-License-Identifier: Apache-2.0
#include "sbom/catalogers/executable_scanner.hpp"

#include "base/core/limits.hpp"
#include "base/io/random_access.hpp"
#include "sbom/catalogers/executable_facts.hpp"
#include "sbom/catalogers/passing_bytes.hpp"

#include <algorithm>
#include <utility>

namespace bulla::sbom {
namespace {

/// Beyond this a file that is read a second time goes to disk.
constexpr std::size_t kInMemoryBytes = 4 * limits::kMiB;
constexpr std::uint64_t kSearchBytes = 256 * limits::kKiB;

/// A whole file as the ELF reader wants it.
class WholeFile final : public ByteSource {
  public:
    explicit WholeFile(std::uint64_t size) : bytes_(kInMemoryBytes, size) {}

    Status append(ByteView piece) { return bytes_.append(piece); }

    std::uint64_t size() const override { return bytes_.size(); }

    std::optional<Bytes> read(std::uint64_t offset, std::uint64_t size) override {
        if (offset > bytes_.size() || size > bytes_.size() - offset) {
            return std::nullopt;
        }
        Bytes read(size, '\0');
        if (auto done = bytes_.read_at(offset, read); !done) {
            status_ = std::move(done);
            return std::nullopt;
        }
        return read;
    }

    std::optional<std::uint64_t>
    find_go_magic(std::uint64_t begin, std::uint64_t end, std::uint64_t phase) override {
        GoMagicSearch search(begin, end, phase);
        for (std::uint64_t at = begin; at < end && !search.first(); at += kSearchBytes) {
            const auto piece = read(at, std::min(kSearchBytes, end - at));
            if (!piece) {
                return std::nullopt;
            }
            search.feed(at, *piece);
        }
        return search.first();
    }

  private:
    SpillBuffer bytes_;
};

class StreamingScanner final : public walk::EntryScanner {
  public:
    explicit StreamingScanner(std::uint64_t size) : source_(size) {}

    Status feed(ByteView piece) override {
        source_.feed(piece);
        return ok();
    }

    Result<walk::ScanResult> finish() override {
        const ExecutableFacts facts = read_executable(source_);
        if (source_.missed()) {
            return walk::ScanResult{.incomplete = true};
        }
        return walk::ScanResult{.facts = encode_executable_facts(facts)};
    }

  private:
    PassingBytes source_;
};

class ThoroughScanner final : public walk::EntryScanner {
  public:
    explicit ThoroughScanner(std::uint64_t size)
        : is_too_large_(size > limits::kExecutableBytes), source_(size) {}

    Status feed(ByteView piece) override { return is_too_large_ ? ok() : source_.append(piece); }

    Result<walk::ScanResult> finish() override {
        ExecutableFacts facts;
        if (is_too_large_) {
            facts.go_problem = "the executable is larger than " +
                               std::to_string(limits::kExecutableBytes) +
                               " bytes, and what it was built from cannot be told from its ends";
        } else {
            facts = read_executable(source_);
        }
        BULLA_TRY(source_.status());
        return walk::ScanResult{.facts = encode_executable_facts(facts)};
    }

  private:
    bool is_too_large_;
    WholeFile source_;
};

} // namespace

walk::ScannerKind executable_scanner() {
    return {.id = "executable",
            .version = 1,
            .globs = {},
            .recognises = [](ByteView head) { return parse_elf_header(head).has_value(); },
            .make = [](std::uint64_t size,
                       walk::ScanEffort effort) -> std::unique_ptr<walk::EntryScanner> {
                if (effort == walk::ScanEffort::streaming) {
                    return std::make_unique<StreamingScanner>(size);
                }
                return std::make_unique<ThoroughScanner>(size);
            }};
}

Status
for_each_executable(const FileView& view,
                    const std::function<Status(const FileEntry&, const ExecutableFacts&)>& visit,
                    const std::function<void(const FileEntry&, const Error&)>& undecodable) {
    return view.for_each_scanned(executable_scanner().id,
                                 [&](const FileEntry& file, ByteView bytes) -> Status {
                                     const auto facts = decode_executable_facts(bytes);
                                     if (!facts) {
                                         undecodable(file, facts.error());
                                         return ok();
                                     }
                                     return visit(file, *facts);
                                 });
}

} // namespace bulla::sbom
