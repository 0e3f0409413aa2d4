// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "evidence/evidence_store.hpp"
#include "oci/store/repository.hpp"
#include "sign/verify/verifier.hpp"

#include <map>
#include <span>
#include <string>
#include <vector>

namespace bulla::evidence {

/// What the evidence of an image must be.
struct ImagePolicy {
    std::vector<crypto::PublicKey> keys; ///< any one of them
    Wanted wanted = Wanted::signatures;
    std::string predicate_type;                     ///< of attestations
    std::map<std::string, std::string> annotations; ///< that must be signed with these values
};

/// One digest that may carry the evidence, and what it is in the image.
enum class Role : std::uint8_t {
    manifest, ///< the manifest that the reference names, or that of the platform
    index,    ///< an index that led to it
};

struct Candidate {
    Digest digest;
    Role role = Role::manifest;
};

/// "manifest" or "index".
std::string_view to_string(Role role);

/// What became of each piece of evidence on one digest; `found` and `report.claims` go together.
struct Examined {
    Candidate candidate;
    std::vector<Found> found;
    sign::VerificationReport report;

    bool verified() const { return report.verified() != nullptr; }
};

/// Looks at the candidates in the order given and stops at the first that carries evidence which
/// verifies; what was looked at is returned, the one that verified last. Not being able to find out
/// about a candidate is an error at once: what it might carry is not known, and a later candidate
/// must not hide that.
Result<std::vector<Examined>> verify_image(EvidenceStore& store,
                                           std::span<const Candidate> candidates,
                                           const ImagePolicy& policy);

/// Success if the last of them verified; otherwise no_signature if none carried evidence of the
/// kind asked for, and untrusted if some did. The error has a fact for each piece of evidence.
Status outcome(std::span<const Examined> examined, Wanted wanted, std::string_view image);

} // namespace bulla::evidence
