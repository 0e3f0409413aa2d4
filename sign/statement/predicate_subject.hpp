// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/core/bytes.hpp"
#include "base/core/digest.hpp"
#include "base/core/result.hpp"

#include <optional>
#include <string_view>

namespace bulla::sign {

/// The image that a predicate says it describes: for a CycloneDX document the digest in
/// metadata.component (its version, or the version of its pkg:oci purl), for an SPDX 2 document
/// that of the package the document describes. Nothing if the predicate names none or is of another
/// kind. Two different digests in these places are malformed, as is a predicate that is not JSON.
///
/// A claim for consistency only: what a statement is about is its subject.
Result<std::optional<Digest>> find_predicate_subject(std::string_view predicate_type,
                                                     ByteView predicate);

} // namespace bulla::sign
