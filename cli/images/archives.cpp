// SPDX-License-Identifier: Apache-2.0
#include "cli/images/archives.hpp"

#include "oci/archive/open_archive.hpp"

#include <utility>

namespace bulla::cli {

Result<OpenImage> open_archive(oci::ImageName name) {
    BULLA_TRY_ASSIGN(oci::ArchivedImage image, oci::open_archive(std::move(name)));
    return OpenImage{std::move(image.name), std::move(image.repository), std::move(image.top)};
}

} // namespace bulla::cli
