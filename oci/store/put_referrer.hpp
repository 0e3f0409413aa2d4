// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "oci/store/repository.hpp"

#include <string_view>

namespace bulla::oci {

/// The config `{}` of an artifact that has none (image-spec "Guidance for an Empty Descriptor").
inline constexpr std::string_view kEmptyConfig = "{}";

/// Stores a manifest that has a subject, whose blobs are there, and makes sure that it is listed: a
/// registry's own listing may come a moment later, and a fallback tag may have lost the entry to a
/// writer who was held up. `what` it is goes into messages ("signature"). unavailable if it stays
/// away from the list.
Status put_referrer(Repository& repository,
                    const StoredManifest& manifest,
                    const Digest& subject,
                    std::string_view what);

} // namespace bulla::oci
