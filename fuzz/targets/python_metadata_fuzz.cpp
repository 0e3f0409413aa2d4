// SPDX-License-Identifier: Apache-2.0
// links: bulla_sbom
#include "sbom/catalogers/python_metadata.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    static_cast<void>(bulla::sbom::parse_python_metadata(text));
    static_cast<void>(bulla::sbom::parse_egg_requires(text));
    static_cast<void>(bulla::sbom::find_python_place(text));
    return 0;
}
