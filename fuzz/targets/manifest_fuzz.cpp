// SPDX-License-Identifier: Apache-2.0
// links: bulla_oci_model
#include "oci/manifest/manifest.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    using namespace bulla::oci;
    const auto manifest = parse_manifest(text, media_type::kManifest);
    // What was read can be written and read again.
    if (manifest && !parse_manifest(encode(*manifest), media_type::kManifest)) {
        __builtin_trap();
    }
    return 0;
}
