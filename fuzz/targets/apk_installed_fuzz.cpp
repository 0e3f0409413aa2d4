// SPDX-License-Identifier: Apache-2.0
// links: bulla_sbom
#include "sbom/catalogers/apk_installed.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    static_cast<void>(bulla::sbom::parse_apk_installed(
        text, [](const bulla::sbom::ApkRecord&) { return bulla::ok(); }));
    bulla::sbom::for_each_apk_file(text, [](std::size_t, std::string_view, std::string_view) {});
    return 0;
}
