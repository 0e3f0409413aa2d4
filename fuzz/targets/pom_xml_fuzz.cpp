// SPDX-License-Identifier: Apache-2.0
// links: bulla_sbom
#include "sbom/catalogers/java_pom.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace bulla;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    sbom::JavaModule module;
    static_cast<void>(sbom::parse_pom_xml(text, module));
    sbom::parse_pom_properties(text, module);
    return 0;
}
