// SPDX-License-Identifier: Apache-2.0
#include "sign/bundle/seal.hpp"

#include "base/core/text.hpp"
#include "base/crypto/hasher.hpp"

namespace bulla::sign {

namespace {

Result<Envelope> sign_payload(Bytes payload, const Signer& signer) {
    Envelope envelope;
    envelope.payload_type = kInTotoPayloadType;
    BULLA_TRY_ASSIGN(Signature signature, signer.sign(pae(envelope.payload_type, payload)));
    envelope.payload = std::move(payload);
    envelope.signature = std::move(signature.bytes);
    return envelope;
}

} // namespace

Result<Envelope> sign_statement(const Statement& statement, const Signer& signer) {
    // cosign writes an empty annotations object in its image signatures, and readers know it so.
    const auto empty = statement.predicate_type == kImageSignatureType ? EmptyAnnotations::written
                                                                       : EmptyAnnotations::left_out;
    BULLA_TRY_ASSIGN(Bytes payload, encode_statement(statement, empty));
    return sign_payload(std::move(payload), signer);
}

Result<Envelope> sign_statement_bytes(Bytes statement, const Signer& signer) {
    BULLA_TRY(decode_statement(statement));
    return sign_payload(std::move(statement), signer);
}

Bundle make_bundle(Envelope envelope, const Signer& signer) {
    Bundle bundle;
    bundle.material = KeyHint{signer.public_key().hint()};
    bundle.content = std::move(envelope);
    return bundle;
}

Result<Bundle> sign_blob(ByteView blob, const Signer& signer) {
    BULLA_TRY_ASSIGN(Signature signature, signer.sign(blob));
    Bundle bundle;
    bundle.material = KeyHint{signer.public_key().hint()};
    bundle.content = MessageSignature{crypto::digest(blob), std::move(signature.bytes)};
    return bundle;
}

Result<LegacySignature> sign_legacy(const SimpleSigning& payload, const Signer& signer) {
    LegacySignature out;
    out.payload = encode_simple_signing(payload);
    BULLA_TRY_ASSIGN(const Signature signature, signer.sign(out.payload));
    out.signature_base64 = text::to_base64(signature.bytes);
    return out;
}

} // namespace bulla::sign
