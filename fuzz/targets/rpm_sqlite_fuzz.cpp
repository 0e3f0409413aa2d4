// SPDX-License-Identifier: Apache-2.0
// links: bulla_sbom
// The first byte is how many 256-byte steps from the end a write-ahead log begins.
#include "sbom/catalogers/rpm_sqlite.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace bulla::sbom;
    if (size == 0) {
        return 0;
    }
    const std::string_view files(reinterpret_cast<const char*>(data) + 1, size - 1);
    const std::size_t log_size = std::min<std::size_t>(files.size(), data[0] * std::size_t{256});
    const RpmFile database(files.substr(0, files.size() - log_size));
    const RpmFile log(files.substr(files.size() - log_size));
    std::size_t bytes = 0;
    static_cast<void>(
        read_rpm_sqlite(database, log_size > 0 ? &log : nullptr, [&](std::string_view header) {
            bytes += header.size();
            return bulla::ok();
        }));
    // No page is handed over twice.
    if (bytes > size) {
        std::abort();
    }
    return 0;
}
