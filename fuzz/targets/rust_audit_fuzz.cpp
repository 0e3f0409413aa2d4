// SPDX-License-Identifier: Apache-2.0
// links: bulla_sbom bulla_compress
#include "base/compress/zlib.hpp"
#include "sbom/catalogers/rust_audit.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    constexpr std::uint64_t most = 1'000'000;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto inflated = bulla::compress::inflate_zlib(text, most);
    if (inflated && (inflated->bytes.size() > most || inflated->consumed > size)) {
        std::abort();
    }
    const auto crates = bulla::sbom::parse_rust_audit(inflated ? inflated->bytes : text);
    if (!crates) {
        return 0;
    }
    for (const auto& crate : *crates) {
        for (const auto index : crate.dependencies) {
            if (index >= crates->size()) {
                std::abort();
            }
        }
    }
    return 0;
}
