// SPDX-License-Identifier: Apache-2.0
// links: bulla_sbom
#include "sbom/catalogers/go_build_info.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    if (const auto info = bulla::sbom::parse_go_build_info(text)) {
        for (const auto& requirement : info->modules) {
            static_cast<void>(
                bulla::sbom::go_purl(requirement.module.path, requirement.module.version));
            static_cast<void>(bulla::sbom::is_local_go_path(requirement.module.path));
        }
    }
    static_cast<void>(bulla::sbom::go_release_of(text));
    return 0;
}
