// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "evidence/evidence_store.hpp"

namespace bulla::evidence {

/// EvidenceStore::find. What can be asked at the same time is: the list of referrers and the older
/// tag, then a few manifests, and what they carry. Results, bounds and errors are those of asking
/// for one after the other.
Result<std::vector<Found>> find_evidence(oci::Repository& repository,
                                         const Digest& subject,
                                         Wanted wanted,
                                         std::string_view predicate_type);

} // namespace bulla::evidence
