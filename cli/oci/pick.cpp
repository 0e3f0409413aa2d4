// SPDX-License-Identifier: Apache-2.0
#include "cli/oci/pick.hpp"

namespace bulla::cli::oci {

Result<bulla::oci::StoredManifest> pick_manifest(const OpenImage& image,
                                                 const RegistryOptions& options) {
    if (!options.platform) {
        return image.top;
    }
    BULLA_TRY_ASSIGN(const auto wanted, wanted_platform(options));
    BULLA_TRY_ASSIGN(
        auto chosen,
        bulla::oci::select_image(*image.repository, image.top, wanted.platform, wanted.choice));
    return std::move(chosen.manifest);
}

} // namespace bulla::cli::oci
