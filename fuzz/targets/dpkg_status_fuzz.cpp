// SPDX-License-Identifier: Apache-2.0
// links: bulla_sbom
#include "sbom/catalogers/control_file.hpp"
#include "sbom/catalogers/dpkg_status.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    std::size_t present = 0;
    static_cast<void>(
        bulla::sbom::parse_dpkg_status(text, [&](const bulla::sbom::DpkgRecord& record) {
            present += record.is_present()
                           ? bulla::sbom::parse_dependency_field(record.depends).size()
                           : 0;
            return bulla::ok();
        }));
    return 0;
}
