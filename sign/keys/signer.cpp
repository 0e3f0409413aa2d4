// SPDX-License-Identifier: Apache-2.0
#include "sign/keys/signer.hpp"

namespace bulla::sign {

namespace {

class KeySigner final : public Signer {
  public:
    explicit KeySigner(crypto::PrivateKey key) : key_(std::move(key)) {}

    const crypto::PublicKey& public_key() const override { return key_.public_key(); }

    crypto::SignatureAlgorithm algorithm() const override {
        return signing_algorithm(key_.public_key().kind());
    }

    Result<Signature> sign(ByteView message) const override {
        BULLA_TRY_ASSIGN(Bytes bytes, key_.sign(message, algorithm()));
        return Signature{std::move(bytes), algorithm()};
    }

  private:
    crypto::PrivateKey key_;
};

} // namespace

crypto::SignatureAlgorithm signing_algorithm(crypto::KeyKind kind) {
    switch (kind) {
    case crypto::KeyKind::ed25519:
        return crypto::SignatureAlgorithm::ed25519;
    case crypto::KeyKind::rsa:
        return crypto::SignatureAlgorithm::rsa_pkcs1_sha256;
    default:
        return crypto::SignatureAlgorithm::ecdsa_sha256;
    }
}

std::unique_ptr<Signer> make_signer(crypto::PrivateKey key) {
    return std::make_unique<KeySigner>(std::move(key));
}

} // namespace bulla::sign
