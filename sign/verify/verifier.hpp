// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/core/bytes.hpp"
#include "base/core/result.hpp"
#include "sign/verify/claim.hpp"
#include "sign/verify/policy.hpp"
#include "sign/verify/report.hpp"
#include "sign/verify/verified_statement.hpp"

#include <optional>
#include <span>

namespace bulla::sign {

struct Envelope;
struct MessageSignature;
struct Statement;

/// The one place where claims become trusted, whatever path they were found on. Checks, in this
/// order: form, bounds and structure; the signature under the keys of the policy; then, reading
/// only the bytes that were signed, payload type, predicate type, digest and annotations. Log
/// entries, timestamps and certificates are not verified: reports say so, and a bundle signed with
/// a certificate does not verify under a key. Immutable; may be used from several threads.
class Verifier {
  public:
    /// A policy that could not refuse anything is a `configuration` error: no key, no digest where
    /// one is needed, an attestation without a predicate type.
    static Result<Verifier> make(VerificationPolicy policy);

    /// The verdict on each claim; more than limits::kAttachments claims are limit_exceeded. For
    /// policies on images.
    Result<VerificationReport> examine(std::span<const Claim> claims) const;

    /// The same for policies on blobs: `blob` is the artifact itself. Other policies do not look at
    /// it.
    Result<VerificationReport> examine_blob(std::span<const Claim> claims, ByteView blob) const;

    /// The verdict on one claim about an image. For a policy on blobs only statements can verify
    /// here, by the digests that the policy gives.
    ClaimReport verify(const Claim& claim) const;

    /// The verdict on one claim about a blob.
    ClaimReport verify_blob(const Claim& claim, ByteView blob) const;

  private:
    struct Rejection {
        Verdict verdict;
        std::string text;
    };

    /// What is asked about: its known digests, and for blobs the bytes.
    struct Artifact {
        std::span<const Digest> digests;
        std::optional<ByteView> blob;
    };

    using Fields = VerifiedStatement::Fields;
    using Outcome = tl::expected<Fields, Rejection>;

    explicit Verifier(VerificationPolicy policy) : policy_(std::move(policy)) {}

    ClaimReport report(const Claim& claim, const Artifact& artifact) const;
    Outcome check(const Claim& claim, const Artifact& artifact, ClaimReport& report) const;
    Outcome check_bundle(const Claim& claim, const Artifact& artifact, ClaimReport& report) const;
    Outcome check_legacy_signature(const Claim& claim, const Artifact& artifact) const;
    Outcome check_legacy_attestation(const Claim& claim, const Artifact& artifact) const;
    Outcome check_message_signature(const MessageSignature& content,
                                    std::string_view hint,
                                    ByteView blob) const;
    Outcome
    check_envelope(const Envelope& envelope, std::string_view hint, const Artifact& artifact) const;
    Outcome check_statement(Statement statement, const Artifact& artifact, Fields fields) const;
    Outcome check_signature(ByteView message, ByteView signature, std::string_view hint) const;
    std::optional<Rejection> check_predicate_type(std::string_view actual) const;
    bool annotations_match(const std::map<std::string, std::string>& actual) const;

    VerificationPolicy policy_;
};

} // namespace bulla::sign
