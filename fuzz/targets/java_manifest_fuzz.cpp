// SPDX-License-Identifier: Apache-2.0
// links: bulla_sbom
#include "sbom/catalogers/java_identity.hpp"
#include "sbom/catalogers/java_manifest.hpp"
#include "sbom/licenses/java.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace bulla;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    sbom::JavaArchive archive;
    archive.has_manifest = true;
    archive.attributes = sbom::parse_java_manifest(text).attributes;
    static_cast<void>(sbom::parse_bundle_license(archive.attribute("Bundle-License")));
    static_cast<void>(sbom::identify_java_archive(archive, text.substr(0, text.find('\n'))));
    return 0;
}
