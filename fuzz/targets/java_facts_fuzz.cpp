// SPDX-License-Identifier: Apache-2.0
// links: bulla_sbom
// Facts as a cache or a worker might send them: refused, or safe to use.
#include "sbom/catalogers/java_facts.hpp"
#include "sbom/catalogers/java_identity.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace bulla;
    const auto facts =
        sbom::decode_java_facts(std::string_view(reinterpret_cast<const char*>(data), size));
    if (!facts) {
        return 0;
    }
    for (std::uint32_t i = 0; i < facts->archives.size(); ++i) {
        static_cast<void>(sbom::place_of(*facts, i, "file.jar"));
        static_cast<void>(sbom::identify_java_archive(facts->archives[i], facts->archives[i].path));
    }
    const auto again = sbom::encode_java_facts(*facts);
    const auto decoded = sbom::decode_java_facts(again);
    if (!decoded || sbom::encode_java_facts(*decoded) != again) {
        std::abort();
    }
    return 0;
}
