// SPDX-License-Identifier: Apache-2.0
#include "sbom/catalogers/executable_scanner.hpp"

#include "base/core/limits.hpp"
#include "base/io/file.hpp"
#include "sbom/catalogers/executable_facts.hpp"
#include "sbom/catalogers/passing_bytes.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

namespace bulla::sbom {
namespace {

/// Beyond this a file that is read a second time goes to disk.
constexpr std::uint64_t kInMemoryBytes = 4 * limits::kMiB;
constexpr std::uint64_t kSearchBytes = 256 * limits::kKiB;

/// A whole file, in memory or in an unlinked temporary one.
class WholeFile final : public ByteSource {
  public:
    Status append(ByteView piece) {
        size_ += piece.size();
        if (!file_.is_open() && size_ <= kInMemoryBytes) {
            bytes_ += piece;
            return ok();
        }
        if (!file_.is_open()) {
            BULLA_TRY_ASSIGN(file_, make_unlinked_file());
            BULLA_TRY(write_all(file_.value(), std::exchange(bytes_, {})));
        }
        return write_all(file_.value(), piece);
    }

    std::uint64_t size() const override { return size_; }

    std::optional<Bytes> read(std::uint64_t offset, std::uint64_t size) override {
        if (offset > size_ || size > size_ - offset) {
            return std::nullopt;
        }
        return file_.is_open() ? read_file(offset, size) : bytes_.substr(offset, size);
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
    std::optional<Bytes> read_file(std::uint64_t offset, std::uint64_t size) {
        Bytes bytes(size, '\0');
        for (std::size_t done = 0; done < size;) {
            const auto got = ::pread(
                file_.value(), bytes.data() + done, size - done, static_cast<off_t>(offset + done));
            if (got < 0 && errno == EINTR) {
                continue;
            }
            if (got <= 0) {
                status_ =
                    Error{ErrorCode::io,
                          std::string("cannot read a temporary file: ") +
                              (got < 0 ? std::strerror(errno) : "it is shorter than written")};
                return std::nullopt;
            }
            done += static_cast<std::size_t>(got);
        }
        return bytes;
    }

    std::uint64_t size_ = 0;
    Bytes bytes_;
    FileDescriptor file_;
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
    explicit ThoroughScanner(std::uint64_t size) : is_too_large_(size > limits::kExecutableBytes) {}

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

} // namespace bulla::sbom
