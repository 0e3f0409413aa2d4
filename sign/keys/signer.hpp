// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/core/bytes.hpp"
#include "base/core/result.hpp"
#include "base/crypto/private_key.hpp"
#include "base/crypto/public_key.hpp"

#include <memory>

namespace bulla::sign {

struct Signature {
    Bytes bytes;
    crypto::SignatureAlgorithm algorithm;
};

/// Something that signs: a key in memory, later a key management service. The key's other half is
/// known without signing.
class Signer {
  public:
    virtual ~Signer() = default;

    virtual const crypto::PublicKey& public_key() const = 0;

    /// The algorithm that `sign` uses.
    virtual crypto::SignatureAlgorithm algorithm() const = 0;

    virtual Result<Signature> sign(ByteView message) const = 0;
};

/// The algorithm we write for a kind of key, which plain `cosign verify --key` accepts: SHA-256 for
/// ECDSA on every curve, pure Ed25519, RSA with PKCS#1 v1.5 and SHA-256.
crypto::SignatureAlgorithm signing_algorithm(crypto::KeyKind kind);

/// A Signer over a key in memory.
std::unique_ptr<Signer> make_signer(crypto::PrivateKey key);

} // namespace bulla::sign
