// SPDX-License-Identifier: Apache-2.0
// links: bulla_sbom
#include "base/core/limits.hpp"
#include "sbom/licenses/spdx.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    static_cast<void>(bulla::sbom::classify_license(text));
    if (const auto expression = bulla::sbom::normalise_spdx_expression(text)) {
        if (expression->size() <= bulla::limits::kLicenseExpressionBytes &&
            bulla::sbom::normalise_spdx_expression(*expression) != expression) {
            std::abort();
        }
    }
    return 0;
}
