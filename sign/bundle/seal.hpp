// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/core/bytes.hpp"
#include "base/core/result.hpp"
#include "sign/bundle/bundle.hpp"
#include "sign/keys/signer.hpp"
#include "sign/statement/envelope.hpp"
#include "sign/statement/simple_signing.hpp"
#include "sign/statement/statement.hpp"

#include <string>

/// Everything that is signed, in the forms it is stored in. Each signature has been checked under
/// the signer's public key before it is returned.
namespace bulla::sign {

/// A legacy image signature: the layer blob, and the value of its annotation
/// `dev.cosignproject.cosign/signature`.
struct LegacySignature {
    Bytes payload;
    std::string signature_base64;
};

/// Signs a statement in a DSSE envelope. For the legacy form of an attestation the blob is
/// encode_envelope of the result.
Result<Envelope> sign_statement(const Statement& statement, const Signer& signer);

/// The same, for a statement that is there as bytes; they are signed as they stand, after
/// decode_statement accepted them.
Result<Envelope> sign_statement_bytes(Bytes statement, const Signer& signer);

/// The bundle around an envelope signed by this signer.
Bundle make_bundle(Envelope envelope, const Signer& signer);

/// A bundle with a signature over a blob's bytes and its SHA-256.
Result<Bundle> sign_blob(ByteView blob, const Signer& signer);

/// Signs the simple signing payload of an image.
Result<LegacySignature> sign_legacy(const SimpleSigning& payload, const Signer& signer);

} // namespace bulla::sign
