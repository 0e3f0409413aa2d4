// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/images/image_access.hpp"

namespace bulla::cli::oci {

/// What a command works on: what the name resolved to, or, if --platform was given, the image of
/// that platform in it.
Result<bulla::oci::StoredManifest> pick_manifest(const OpenImage& image,
                                                 const RegistryOptions& options);

} // namespace bulla::cli::oci
