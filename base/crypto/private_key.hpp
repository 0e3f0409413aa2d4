// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/core/bytes.hpp"
#include "base/core/result.hpp"
#include "base/crypto/public_key.hpp"
#include "base/crypto/secret.hpp"
#include "base/crypto/signature_algorithm.hpp"

#include <cstdint>
#include <memory>

namespace bulla::crypto {

/// The encodings of an unencrypted private key.
enum class PrivateKeyForm : std::uint8_t {
    pkcs8, ///< RFC 5958, PEM label `PRIVATE KEY`
    sec1,  ///< RFC 5915, `EC PRIVATE KEY`
    pkcs1, ///< RFC 8017, `RSA PRIVATE KEY`
};

/// A key that signs. Move-only; wiped by OpenSSL when it ends. Const functions may be called from
/// several threads.
class PrivateKey {
  public:
    /// Parses DER without trailing bytes. The public half meets the rules of PublicKey.
    static Result<PrivateKey> parse(PrivateKeyForm form, ByteView der);

    /// A new key from the system's random generator. `rsa_bits` counts for RSA only.
    static Result<PrivateKey> generate(KeyKind kind, unsigned rsa_bits = 3072);

    const PublicKey& public_key() const { return public_key_; }

    /// Signs, and checks the signature with the public half before giving it out: a damaged key
    /// file or a fault must not become a published signature. `internal` if the algorithm does not
    /// fit the key, `configuration` if the halves do not belong together.
    Result<Bytes> sign(ByteView message, SignatureAlgorithm algorithm) const;

    /// The key as unencrypted PKCS#8.
    Result<SecretBytes> to_pkcs8() const;

  private:
    struct Deleter {
        void operator()(evp_pkey_st* key) const;
    };

    using Handle = std::unique_ptr<evp_pkey_st, Deleter>;

    PrivateKey(Handle key, PublicKey public_key)
        : key_(std::move(key)), public_key_(std::move(public_key)) {}

    static Result<PrivateKey> from(Handle key);

    Handle key_;
    PublicKey public_key_;
};

} // namespace bulla::crypto
