// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/core/result.hpp"
#include "sign/verify/claim.hpp"
#include "sign/verify/verified_statement.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bulla::sign {

/// What became of one claim.
enum class Verdict : std::uint8_t {
    verified,
    malformed,                 ///< not in the format it claims, or larger than the limits
    wrong_content,             ///< another form than asked for: an attestation is no signature
    certificate_not_supported, ///< signed with a certificate, and the policy has keys
    no_key_match,              ///< names a key that is not given, and no key confirms it
    bad_signature,             ///< no key confirms it
    wrong_payload_type,        ///< signed, but not an in-toto statement
    wrong_predicate_type,      ///< signed, but of another predicate type than asked for
    wrong_digest,              ///< signed, but about another artifact
    annotation_mismatch,       ///< signed, but without the required annotations
};

/// The lower-case name of a verdict as it stands in JSON results, for example "bad_signature".
std::string_view to_string(Verdict verdict);

/// Log entries and timestamps are kept, not checked, by this version.
enum class Check : std::uint8_t { absent, not_checked };

/// "absent" or "not checked".
std::string_view to_string(Check check);

struct ClaimReport {
    std::string origin;
    ClaimForm form = ClaimForm::bundle;
    Verdict verdict = Verdict::malformed;
    std::string text; ///< one sentence for people: why; already safe to print
    Check log = Check::absent;
    Check timestamp = Check::absent;
    std::optional<VerifiedStatement> statement; ///< there if and only if `verdict` is verified
};

/// The verdict on every claim examined, in the order given.
struct VerificationReport {
    std::vector<ClaimReport> claims;

    /// The first verified statement; null if there is none.
    const VerifiedStatement* verified() const;

    /// Success if a claim verified. no_signature if there was none of the kind asked for, untrusted
    /// if there was and none verified; the error carries a fact per claim.
    Status outcome() const;
};

} // namespace bulla::sign
