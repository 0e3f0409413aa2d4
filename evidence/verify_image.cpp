// SPDX-License-Identifier: Apache-2.0
#include "evidence/verify_image.hpp"

#include "base/core/text.hpp"

namespace bulla::evidence {

namespace {

sign::VerificationPolicy policy_for(const ImagePolicy& policy, const Digest& digest) {
    return {.keys = policy.keys,
            .kind = policy.wanted == Wanted::signatures ? sign::ClaimKind::image_signature
                                                        : sign::ClaimKind::attestation,
            .artifact = {digest},
            .predicate_type = policy.predicate_type,
            .annotations = policy.annotations};
}

/// True if a claim is of the kind that was asked for, whatever else is wrong with it.
bool counts(const sign::ClaimReport& claim) {
    return claim.verdict != sign::Verdict::wrong_content &&
           claim.verdict != sign::Verdict::wrong_predicate_type;
}

} // namespace

std::string_view to_string(Role role) {
    return role == Role::manifest ? "manifest" : "index";
}

Result<std::vector<Examined>> verify_image(EvidenceStore& store,
                                           std::span<const Candidate> candidates,
                                           const ImagePolicy& policy) {
    std::vector<Examined> examined;
    for (const auto& candidate : candidates) {
        BULLA_TRY_ASSIGN(const auto verifier,
                         sign::Verifier::make(policy_for(policy, candidate.digest)));
        BULLA_TRY_ASSIGN(auto found,
                         store.find(candidate.digest, policy.wanted, policy.predicate_type));
        std::vector<sign::Claim> claims;
        claims.reserve(found.size());
        for (auto& piece : found) {
            claims.push_back(std::move(piece.claim));
        }
        BULLA_TRY_ASSIGN(auto report, verifier.examine(claims));
        examined.push_back({candidate, std::move(found), std::move(report)});
        if (examined.back().verified()) {
            break;
        }
    }
    return examined;
}

Status outcome(std::span<const Examined> examined, Wanted wanted, std::string_view image) {
    if (!examined.empty() && examined.back().verified()) {
        return ok();
    }
    const std::string kind = wanted == Wanted::signatures ? "signature" : "attestation";
    Error error{ErrorCode::no_signature, "no " + kind + " on \"" + text::printable(image) + "\""};
    for (const auto& one : examined) {
        for (std::size_t i = 0; i < one.report.claims.size(); ++i) {
            const auto& claim = one.report.claims[i];
            if (counts(claim)) {
                error.code = ErrorCode::untrusted;
                error.message =
                    "no " + kind + " on \"" + text::printable(image) + "\" is what was asked for";
            }
            // The manifest's digest is the one that `tree` and `sign` show.
            error = std::move(error).with(std::string(sign::to_string(claim.form)) + " " +
                                              one.found[i].manifest.to_string().substr(0, 19),
                                          claim.text);
        }
    }
    return error;
}

} // namespace bulla::evidence
