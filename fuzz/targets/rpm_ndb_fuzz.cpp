// SPDX-License-Identifier: Apache-2.0
// links: bulla_sbom
#include "sbom/catalogers/rpm_ndb.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view file(reinterpret_cast<const char*>(data), size);
    std::size_t bytes = 0;
    static_cast<void>(
        bulla::sbom::read_rpm_ndb(bulla::sbom::RpmFile(file), [&](std::string_view header) {
            bytes += header.size();
            return bulla::ok();
        }));
    // No page and no block is handed over twice.
    if (bytes > size) {
        std::abort();
    }
    return 0;
}
