// SPDX-License-Identifier: Apache-2.0
// links: bulla_sbom bulla_archive
// Any bytes as a jar: every entry is read, then everything that the scanner looks for.
#include "base/archive/zip_reader.hpp"
#include "sbom/catalogers/java_archive_scanner.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace bulla;
    const MemoryAccess source(ByteView(reinterpret_cast<const char*>(data), size));
    const auto zip = archive::ZipReader::open(source, [](std::string_view) { return true; });
    if (zip) {
        archive::InflateBudget budget(1 << 20);
        for (const auto& entry : zip->entries()) {
            std::uint64_t read = 0;
            const auto status = zip->read(entry, budget, [&](ByteView piece) -> Result<bool> {
                read += piece.size();
                return true;
            });
            if (status && read != entry.size) {
                std::abort();
            }
        }
    }
    const auto facts = sbom::scan_java_archive(source);
    // Memory does not fail, so whatever is wrong with the bytes is a fact about them.
    if (!facts || !sbom::decode_java_facts(sbom::encode_java_facts(*facts))) {
        std::abort();
    }
    return 0;
}
