// SPDX-License-Identifier: Apache-2.0
// links: bulla_sbom
#include "sbom/catalogers/rpm_package.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace bulla::sbom;
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    static_cast<void>(parse_rpm_manifest(bytes, [](const RpmRecord&) { return bulla::ok(); }));
    const auto header = RpmHeader::parse(bytes);
    if (!header) {
        return 0;
    }
    CatalogContext context{Distribution()};
    context.distribution->id = "x";
    static_cast<void>(package_of(record_of(*header), context));
    std::size_t files = 0;
    header->for_each_file([&](std::string_view folder, std::string_view name) {
        files += folder.size() + name.size() > size ? 2U : 1U;
    });
    if (files != header->texts(RpmTag::base_names).size()) {
        std::abort();
    }
    return 0;
}
