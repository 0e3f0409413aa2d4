// SPDX-License-Identifier: Apache-2.0
#include "sign/verify/report.hpp"

#include "base/core/text.hpp"

#include <algorithm>

namespace bulla::sign {

namespace {

/// More lines than this say nothing more to a person; the report has them all.
constexpr std::size_t kFactsShown = 10;

bool is_other_kind(const ClaimReport& claim) {
    return claim.verdict == Verdict::wrong_content ||
           claim.verdict == Verdict::wrong_predicate_type;
}

} // namespace

std::string_view to_string(ClaimKind kind) {
    switch (kind) {
    case ClaimKind::image_signature:
        return "image-signature";
    case ClaimKind::attestation:
        return "attestation";
    case ClaimKind::blob:
        return "blob";
    }
    return "unknown";
}

std::string_view to_string(ClaimForm form) {
    switch (form) {
    case ClaimForm::bundle:
        return "bundle";
    case ClaimForm::legacy_signature:
        return "legacy-signature";
    case ClaimForm::legacy_attestation:
        return "legacy-attestation";
    }
    return "unknown";
}

std::string_view to_string(Verdict verdict) {
    switch (verdict) {
    case Verdict::verified:
        return "verified";
    case Verdict::malformed:
        return "malformed";
    case Verdict::wrong_content:
        return "wrong_content";
    case Verdict::certificate_not_supported:
        return "certificate_not_supported";
    case Verdict::no_key_match:
        return "no_key_match";
    case Verdict::bad_signature:
        return "bad_signature";
    case Verdict::wrong_payload_type:
        return "wrong_payload_type";
    case Verdict::wrong_predicate_type:
        return "wrong_predicate_type";
    case Verdict::wrong_digest:
        return "wrong_digest";
    case Verdict::annotation_mismatch:
        return "annotation_mismatch";
    }
    return "unknown";
}

std::string_view to_string(Check check) {
    return check == Check::absent ? "absent" : "not checked";
}

const VerifiedStatement* VerificationReport::verified() const {
    for (const ClaimReport& claim : claims) {
        if (claim.statement) {
            return &*claim.statement;
        }
    }
    return nullptr;
}

Status VerificationReport::outcome() const {
    if (verified() != nullptr) {
        return ok();
    }
    if (claims.empty()) {
        return Error{ErrorCode::no_signature, "no signature or attestation was found"};
    }
    Error error{ErrorCode::untrusted, "none of the claims found verifies under the policy"};
    if (std::ranges::all_of(claims, is_other_kind)) {
        error =
            Error{ErrorCode::no_signature, "claims were found, and none is of the kind asked for"};
    }
    for (std::size_t i = 0; i < std::min(claims.size(), kFactsShown); ++i) {
        error.context.push_back({text::printable(claims[i].origin), claims[i].text});
    }
    return error;
}

} // namespace bulla::sign
