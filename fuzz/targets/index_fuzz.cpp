// SPDX-License-Identifier: Apache-2.0
// links: bulla_oci_store
#include "oci/manifest/manifest.hpp"
#include "oci/store/raw_index.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    using namespace bulla::oci;
    if (const auto index = parse_index(text, media_type::kIndex)) {
        static_cast<void>(
            select_platform(*index,
                            Platform{.os = "linux", .architecture = "arm", .variant = "v7"},
                            PlatformChoice::host_default));
    }
    const auto raw = RawIndex::parse(text, media_type::kIndex);
    // An index that is edited must stay readable.
    if (raw && !RawIndex::parse(raw->encode(), media_type::kIndex)) {
        __builtin_trap();
    }
    return 0;
}
