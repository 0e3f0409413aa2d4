// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/images/image_access.hpp"

namespace bulla::cli {

/// Opens the image that the name of an archive means (oci::open_archive), for ImageAccess.
Result<OpenImage> open_archive(oci::ImageName name);

} // namespace bulla::cli
