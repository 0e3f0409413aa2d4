// SPDX-License-Identifier: Apache-2.0
// links: bulla_sbom
#include "sbom/licenses/debian.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    static_cast<void>(bulla::sbom::parse_debian_copyright(text));
    static_cast<void>(bulla::sbom::classify_debian_license(text));
    return 0;
}
