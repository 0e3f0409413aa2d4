// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "oci/manifest/manifest.hpp"

#include <span>
#include <string_view>

namespace bulla::evidence {

/// The annotation of an attestation's layer that names its predicate type (cosign SIGNATURE_SPEC);
/// not signed.
inline constexpr std::string_view kPredicateTypeAnnotation = "predicateType";

/// A manifest for a tag that does not exist yet, without layers and with a config still to be set.
oci::Manifest empty_legacy_manifest();

/// The image config that cosign puts beside its layers: one history entry and one diff_id per
/// layer, times zero. No reader decides anything by it.
Bytes encode_legacy_config(std::span<const oci::Descriptor> layers);

} // namespace bulla::evidence
