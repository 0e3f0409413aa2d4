// SPDX-License-Identifier: Apache-2.0
// links: bulla_sbom_model
#include "base/core/limits.hpp"
#include "sbom/model/package_url.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    // What was accepted once must be accepted again in its canonical form, which must stay the
    // same.
    if (const auto purl = bulla::sbom::PackageUrl::parse(text)) {
        const std::string canonical = purl->to_string();
        const auto again = bulla::sbom::PackageUrl::parse(canonical);
        if (canonical.size() <= bulla::limits::kPackageUrlBytes &&
            (!again || again->to_string() != canonical)) {
            std::abort();
        }
    }
    return 0;
}
