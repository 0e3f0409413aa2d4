// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/core/bytes.hpp"
#include "base/core/result.hpp"
#include "base/crypto/signature_algorithm.hpp"

#include <memory>
#include <string>
#include <string_view>

struct evp_pkey_st;

namespace bulla::crypto {

/// A public key that signatures are checked with. A value; may be used from several threads.
class PublicKey {
  public:
    /// Parses a SubjectPublicKeyInfo in DER (RFC 5280 section 4.1.2.7, RFC 5480, RFC 8410). Curves
    /// by name with uncompressed points only, as other Sigstore clients; RSA with 2048 to 8192 bits
    /// and an odd exponent of at least 65537. Every key has one accepted encoding, so `hint` names
    /// it uniquely. A key of another kind or size is unsupported, anything else malformed.
    static Result<PublicKey> parse_spki(ByteView der);

    /// Parses a PEM text with one block `PUBLIC KEY` (SPKI) or `RSA PUBLIC KEY` (PKCS#1). `what`
    /// names the file in messages.
    static Result<PublicKey> parse_pem(ByteView text, std::string_view what = "the public key");

    KeyKind kind() const { return kind_; }

    /// The SubjectPublicKeyInfo.
    const Bytes& spki() const { return spki_; }

    /// PEM with the label `PUBLIC KEY`.
    std::string to_pem() const;

    /// What Sigstore bundles name a key by: base64 of the SHA-256 of the SPKI.
    std::string hint() const;

    /// True if the signature over the message holds under this key; false also when the algorithm
    /// does not fit the key.
    [[nodiscard]] bool
    verifies(ByteView message, ByteView signature, SignatureAlgorithm algorithm) const;

    friend bool operator==(const PublicKey& a, const PublicKey& b) { return a.spki_ == b.spki_; }

  private:
    PublicKey() = default;

    KeyKind kind_ = KeyKind::ecdsa_p256;
    Bytes spki_;
    // Shared because OpenSSL's key object is immutable from here on and costly to copy.
    std::shared_ptr<evp_pkey_st> key_;
};

} // namespace bulla::crypto
