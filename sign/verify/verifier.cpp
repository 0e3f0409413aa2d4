// SPDX-License-Identifier: Apache-2.0
#include "sign/verify/verifier.hpp"

#include "base/core/limits.hpp"
#include "base/core/text.hpp"
#include "base/crypto/hasher.hpp"
#include "sign/bundle/bundle.hpp"
#include "sign/statement/predicate_type.hpp"
#include "sign/statement/simple_signing.hpp"
#include "sign/statement/statement.hpp"
#include "sign/verify/signature_check.hpp"
#include "sign/verify/subjects.hpp"

#include <array>

namespace bulla::sign {

namespace {

constexpr std::string_view kNoCertificates =
    "signed with a certificate, which this version does not verify; the policy asks for a key";

Error configuration(std::string text) {
    return Error{ErrorCode::configuration, std::move(text)};
}

std::string malformed_text(const Error& error) {
    return "not readable: " + error.message;
}

Check presence(bool present) {
    return present ? Check::not_checked : Check::absent;
}

Status check_count(std::span<const Claim> claims) {
    if (claims.size() > limits::kAttachments) {
        return Error{ErrorCode::limit_exceeded,
                     "expected at most " + std::to_string(limits::kAttachments) +
                         " claims on one artifact, found " + std::to_string(claims.size())};
    }
    return ok();
}

bool has_text(const Claim& claim, std::string_view annotation) {
    const auto found = claim.annotations.find(std::string(annotation));
    return found != claim.annotations.end() && !found->second.empty();
}

} // namespace

Result<Verifier> Verifier::make(VerificationPolicy policy) {
    if (policy.keys.empty()) {
        return configuration("expected at least one key to verify with, found none");
    }
    if (policy.artifact.empty() && policy.kind != ClaimKind::blob) {
        return configuration("expected the digest of the image to verify, found none");
    }
    if (policy.kind == ClaimKind::attestation && policy.predicate_type.empty()) {
        return configuration("expected the predicate type of the attestation, found none");
    }
    return Verifier(std::move(policy));
}

Result<VerificationReport> Verifier::examine(std::span<const Claim> claims) const {
    BULLA_TRY(check_count(claims));
    VerificationReport out;
    for (const Claim& claim : claims) {
        out.claims.push_back(verify(claim));
    }
    return out;
}

Result<VerificationReport> Verifier::examine_blob(std::span<const Claim> claims,
                                                  ByteView blob) const {
    BULLA_TRY(check_count(claims));
    VerificationReport out;
    for (const Claim& claim : claims) {
        out.claims.push_back(verify_blob(claim, blob));
    }
    return out;
}

ClaimReport Verifier::verify(const Claim& claim) const {
    return report(claim, {policy_.artifact, std::nullopt});
}

ClaimReport Verifier::verify_blob(const Claim& claim, ByteView blob) const {
    if (policy_.kind != ClaimKind::blob) {
        return verify(claim);
    }
    const std::array digests{crypto::digest(blob)};
    return report(claim, {digests, blob});
}

ClaimReport Verifier::report(const Claim& claim, const Artifact& artifact) const {
    ClaimReport out;
    out.origin = claim.origin;
    out.form = claim.form;
    out.log = presence(has_text(claim, kLogAnnotation));
    out.timestamp = presence(has_text(claim, kTimestampAnnotation));
    Outcome outcome = check(claim, artifact, out);
    if (!outcome) {
        out.verdict = outcome.error().verdict;
        out.text = text::printable(outcome.error().text);
        return out;
    }
    outcome->kind = policy_.kind;
    out.verdict = Verdict::verified;
    out.text = "verified with the key " + outcome->key_hint + " (" + outcome->algorithm + ")";
    out.statement = VerifiedStatement(std::move(*outcome));
    return out;
}

Verifier::Outcome
Verifier::check(const Claim& claim, const Artifact& artifact, ClaimReport& report) const {
    // A digest that the policy gives beside the bytes must be theirs.
    for (const Digest& expected : policy_.artifact) {
        if (artifact.blob && crypto::digest(*artifact.blob, expected.algorithm()) != expected) {
            return tl::unexpected(Rejection{Verdict::wrong_digest,
                                            "the artifact does not have the digest asked for"});
        }
    }
    switch (claim.form) {
    case ClaimForm::bundle:
        return check_bundle(claim, artifact, report);
    case ClaimForm::legacy_signature:
        return check_legacy_signature(claim, artifact);
    case ClaimForm::legacy_attestation:
        return check_legacy_attestation(claim, artifact);
    }
    return tl::unexpected(Rejection{Verdict::malformed, "of an unknown form"});
}

Verifier::Outcome
Verifier::check_bundle(const Claim& claim, const Artifact& artifact, ClaimReport& report) const {
    const auto bundle = decode_bundle(claim.content);
    if (!bundle) {
        return tl::unexpected(Rejection{Verdict::malformed, malformed_text(bundle.error())});
    }
    report.log = presence(!bundle->log_entries.empty());
    report.timestamp = presence(!bundle->timestamps.empty());
    const auto* const key = std::get_if<KeyHint>(&bundle->material);
    if (key == nullptr) {
        return tl::unexpected(
            Rejection{Verdict::certificate_not_supported, std::string(kNoCertificates)});
    }
    if (const auto* envelope = std::get_if<Envelope>(&bundle->content)) {
        return check_envelope(*envelope, key->hint, artifact);
    }
    if (!artifact.blob) {
        return tl::unexpected(Rejection{Verdict::wrong_content,
                                        "a signature over a file, where a statement about an "
                                        "image is asked for"});
    }
    return check_message_signature(
        std::get<MessageSignature>(bundle->content), key->hint, *artifact.blob);
}

Verifier::Outcome Verifier::check_message_signature(const MessageSignature& content,
                                                    std::string_view hint,
                                                    ByteView blob) const {
    if (!policy_.predicate_type.empty() || !policy_.annotations.empty()) {
        return tl::unexpected(Rejection{Verdict::wrong_content,
                                        "a plain signature, where a statement with a predicate "
                                        "type or annotations is asked for"});
    }
    // The bundle's digest saves no work: it is compared, and the signature is over the bytes.
    if (content.digest && crypto::digest(blob, content.digest->algorithm()) != *content.digest) {
        return tl::unexpected(
            Rejection{Verdict::wrong_digest, "about another file: the digest differs"});
    }
    Outcome fields = check_signature(blob, content.signature, hint);
    if (fields) {
        fields->subjects.push_back(crypto::digest(blob));
    }
    return fields;
}

Verifier::Outcome Verifier::check_envelope(const Envelope& envelope,
                                           std::string_view hint,
                                           const Artifact& artifact) const {
    Outcome fields =
        check_signature(pae(envelope.payload_type, envelope.payload), envelope.signature, hint);
    if (!fields) {
        return fields;
    }
    if (envelope.payload_type != kInTotoPayloadType) {
        return tl::unexpected(Rejection{Verdict::wrong_payload_type,
                                        "expected an in-toto statement, found the payload type \"" +
                                            envelope.payload_type + "\""});
    }
    auto statement = decode_statement(envelope.payload);
    if (!statement) {
        return tl::unexpected(Rejection{Verdict::malformed, malformed_text(statement.error())});
    }
    return check_statement(std::move(*statement), artifact, std::move(*fields));
}

std::optional<Verifier::Rejection> Verifier::check_predicate_type(std::string_view actual) const {
    // Any attestation by the same key is also "signed"; only this type says that the image itself
    // is meant to be trusted.
    const std::string_view wanted = policy_.kind == ClaimKind::image_signature
                                        ? kImageSignatureType
                                        : std::string_view(policy_.predicate_type);
    if (wanted.empty()) { // a blob, and nobody said that a statement about it is meant
        return Rejection{Verdict::wrong_predicate_type,
                         "expected a signature and found an attestation of type \"" +
                             std::string(actual) + "\", which --type must name"};
    }
    const bool matches = policy_.kind == ClaimKind::image_signature
                             ? actual == wanted
                             : predicate_type_matches(wanted, actual);
    if (matches) {
        return std::nullopt;
    }
    return Rejection{Verdict::wrong_predicate_type,
                     "expected the predicate type \"" + std::string(wanted) + "\", found \"" +
                         std::string(actual) + "\""};
}

Verifier::Outcome
Verifier::check_statement(Statement statement, const Artifact& artifact, Fields fields) const {
    if (auto rejection = check_predicate_type(statement.predicate_type)) {
        return tl::unexpected(std::move(*rejection));
    }
    fields.predicate_type = std::move(statement.predicate_type);
    fields.predicate = std::move(statement.predicate);
    bool found = false;
    for (Subject& subject : statement.subjects) {
        auto digests = matching_digests(subject, artifact.digests, artifact.blob);
        if (digests.empty()) {
            continue;
        }
        found = true;
        if (annotations_match(subject.annotations)) {
            fields.subjects = std::move(digests);
            fields.annotations = std::move(subject.annotations);
            return fields;
        }
    }
    if (!found) {
        return tl::unexpected(
            Rejection{Verdict::wrong_digest, "about another artifact: no subject has its digest"});
    }
    return tl::unexpected(
        Rejection{Verdict::annotation_mismatch, "signed without the required annotations"});
}

Verifier::Outcome Verifier::check_legacy_signature(const Claim& claim,
                                                   const Artifact& artifact) const {
    if (policy_.kind != ClaimKind::image_signature) {
        return tl::unexpected(Rejection{Verdict::wrong_content,
                                        "an image signature, where something else is asked for"});
    }
    const auto annotation = claim.annotations.find(std::string(kSignatureAnnotation));
    const auto signature = annotation == claim.annotations.end()
                               ? std::nullopt
                               : text::from_base64(annotation->second);
    if (!signature || signature->empty()) {
        return tl::unexpected(Rejection{Verdict::malformed,
                                        "not readable: no base64 text in the annotation " +
                                            std::string(kSignatureAnnotation)});
    }
    Outcome fields = check_signature(claim.content, *signature, {});
    if (!fields) {
        if (has_text(claim, kCertificateAnnotation)) {
            fields.error() = {Verdict::certificate_not_supported, std::string(kNoCertificates)};
        }
        return fields;
    }
    auto payload = decode_simple_signing(claim.content);
    if (!payload) {
        return tl::unexpected(Rejection{Verdict::malformed, malformed_text(payload.error())});
    }
    const Subject subject{
        {}, {{std::string(to_string(payload->image.algorithm())), payload->image.hex()}}, {}};
    fields->subjects = matching_digests(subject, artifact.digests, artifact.blob);
    if (fields->subjects.empty()) {
        return tl::unexpected(
            Rejection{Verdict::wrong_digest, "about another image: " + payload->image.to_string()});
    }
    if (!annotations_match(payload->annotations)) {
        return tl::unexpected(
            Rejection{Verdict::annotation_mismatch, "signed without the required annotations"});
    }
    fields->annotations = std::move(payload->annotations);
    fields->docker_reference = std::move(payload->docker_reference);
    return fields;
}

Verifier::Outcome Verifier::check_legacy_attestation(const Claim& claim,
                                                     const Artifact& artifact) const {
    if (policy_.kind == ClaimKind::image_signature) {
        return tl::unexpected(
            Rejection{Verdict::wrong_content, "an attestation, where a signature is asked for"});
    }
    const auto envelope = decode_envelope(claim.content);
    if (!envelope) {
        return tl::unexpected(Rejection{Verdict::malformed, malformed_text(envelope.error())});
    }
    Outcome fields = check_envelope(*envelope, {}, artifact);
    if (!fields && fields.error().verdict == Verdict::bad_signature &&
        has_text(claim, kCertificateAnnotation)) {
        fields.error() = {Verdict::certificate_not_supported, std::string(kNoCertificates)};
    }
    return fields;
}

Verifier::Outcome
Verifier::check_signature(ByteView message, ByteView signature, std::string_view hint) const {
    const KeySearch search = find_confirming_key(policy_.keys, message, signature, hint);
    if (search.confirmed) {
        Fields fields;
        fields.key_hint = search.key->hint();
        fields.algorithm = to_string(search.algorithm);
        return fields;
    }
    if (search.names_other_key) {
        return tl::unexpected(
            Rejection{Verdict::no_key_match,
                      "made with a key that is not given (hint " + std::string(hint) + ")"});
    }
    return tl::unexpected(Rejection{Verdict::bad_signature,
                                    policy_.keys.size() == 1
                                        ? "the key does not confirm the signature"
                                        : "none of the " + std::to_string(policy_.keys.size()) +
                                              " keys confirms the signature"});
}

bool Verifier::annotations_match(const std::map<std::string, std::string>& actual) const {
    for (const auto& [name, value] : policy_.annotations) {
        const auto found = actual.find(name);
        if (found == actual.end() || found->second != value) {
            return false;
        }
    }
    return true;
}

} // namespace bulla::sign
