// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "oci/reference/reference.hpp"
#include "oci/store/repository.hpp"

#include <string>

namespace bulla::oci {

/// Fetches what the name means there: the digest if it has one, else the tag or ref name.
/// not_found names the image.
Result<StoredManifest> resolve_image(BlobSource& source, const ImageName& name);

/// The tag under which a copy of an image of that name is stored: of a registry name the tag unless
/// a digest is given, of a layout its ref name. Empty for none.
std::string tag_to_store(const ImageName& name);

} // namespace bulla::oci
