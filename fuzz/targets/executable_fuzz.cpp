// SPDX-License-Identifier: Apache-2.0
// links: bulla_sbom
// The first byte says how large the pieces are, the second how many bytes of nothing are put before
// the last half of the file, so that windows matter; the rest is the file. A look that claims to be
// complete must find what the thorough one finds.
#include "sbom/catalogers/catalogers.hpp"
#include "sbom/catalogers/executable_facts.hpp"
#include "sbom/catalogers/executable_scanner.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

using namespace bulla;

/// One file, scanned; nothing else.
class OneFile final : public FileView {
  public:
    explicit OneFile(Bytes facts) : facts_(std::move(facts)) {}

    const std::vector<std::string>& layers() const override { return layers_; }

    std::optional<FileEntry> find(std::string_view /*path*/) const override { return {}; }

    void for_each_match(std::string_view /*glob*/,
                        const std::function<void(const FileEntry&)>& /*visit*/) const override {}

    Status for_each_scanned(
        std::string_view scanner,
        const std::function<Status(const FileEntry&, ByteView)>& visit) const override {
        FileEntry file;
        file.path = "app";
        return scanner == "executable" ? visit(file, facts_) : ok();
    }

    Result<FileContent> read(const FileEntry& /*file*/) const override {
        return Error{ErrorCode::unsupported, "not kept"};
    }

    Result<FileContent> read_range(const FileEntry& file,
                                   std::uint64_t /*offset*/,
                                   std::uint64_t /*length*/) const override {
        return read(file);
    }

  private:
    std::vector<std::string> layers_;
    Bytes facts_;
};

walk::ScanResult scan(ByteView file, walk::ScanEffort effort, std::size_t piece) {
    const auto scanner = sbom::executable_scanner().make(file.size(), effort);
    for (; !file.empty(); file.remove_prefix(std::min(piece, file.size()))) {
        if (!scanner->feed(file.substr(0, piece))) {
            std::abort();
        }
    }
    auto result = scanner->finish();
    if (!result) {
        std::abort();
    }
    return std::move(*result);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 2) {
        return 0;
    }
    const std::size_t piece = std::size_t{1} << (data[0] % 20U);
    std::string file(reinterpret_cast<const char*>(data) + 2, size - 2);
    if (data[1] % 8 == 7) { // rarely: it is slow
        file.insert(file.size() / 2, 1'200'000, '\0');
    }
    const auto passing =
        scan(file, walk::ScanEffort::streaming, std::max(piece, file.size() / 256));
    const auto thorough = scan(file, walk::ScanEffort::thorough, file.size() + 1);
    if (thorough.incomplete || (!passing.incomplete && passing.facts != thorough.facts)) {
        std::abort();
    }
    if (!thorough.facts.empty()) {
        static_cast<void>(sbom::catalog(OneFile(thorough.facts), {}));
    }
    static_cast<void>(sbom::catalog(OneFile(file), {}));
    return 0;
}
