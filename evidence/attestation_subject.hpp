// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "oci/store/repository.hpp"

#include <optional>

namespace bulla::evidence {

/// Which manifest a statement about `top` is about, given the digest that its predicate names (if
/// it names one): `top` itself, or the one manifest inside the index `top` that the predicate
/// names, or of these the first whose config it names (an image's id, which is all that is known of
/// an image in a `docker save` archive). A predicate about anything else is ErrorCode::integrity:
/// attesting it would put one image's contents beside another.
Result<oci::Descriptor> choose_subject(oci::BlobSource& source,
                                       const oci::StoredManifest& top,
                                       const std::optional<Digest>& named);

} // namespace bulla::evidence
