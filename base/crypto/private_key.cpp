// SPDX-License-Identifier: Apache-2.0
#include "base/crypto/private_key.hpp"

#include "base/crypto/openssl_handles.hpp"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/rsa.h>
#include <sodium.h>

namespace bulla::crypto {

namespace {

constexpr std::size_t kEd25519SeedBytes = 32;

KeyHandle parse_pkcs8(ByteView der) {
    const auto* cursor = bytes_of(der);
    const Pkcs8 info(d2i_PKCS8_PRIV_KEY_INFO(nullptr, &cursor, static_cast<long>(der.size())));
    if (!info || cursor != bytes_of(der) + der.size()) {
        return nullptr;
    }
    return KeyHandle(EVP_PKCS82PKEY(info.get()));
}

KeyHandle parse_typed(int type, ByteView der) {
    const auto* cursor = bytes_of(der);
    // d2i_PrivateKey takes PKCS#8 as well, whatever the label said.
    if (Pkcs8(d2i_PKCS8_PRIV_KEY_INFO(nullptr, &cursor, static_cast<long>(der.size())))) {
        return nullptr;
    }
    cursor = bytes_of(der);
    KeyHandle key(d2i_PrivateKey(type, nullptr, &cursor, static_cast<long>(der.size())));
    if (!key || cursor != bytes_of(der) + der.size()) {
        return nullptr;
    }
    return key;
}

KeyHandle parse_der(PrivateKeyForm form, ByteView der) {
    switch (form) {
    case PrivateKeyForm::pkcs8:
        return parse_pkcs8(der);
    case PrivateKeyForm::sec1:
        return parse_typed(EVP_PKEY_EC, der);
    case PrivateKeyForm::pkcs1:
        return parse_typed(EVP_PKEY_RSA, der);
    }
    return nullptr;
}

EVP_PKEY* generate_handle(KeyKind kind, unsigned rsa_bits) {
    switch (kind) {
    case KeyKind::ecdsa_p256:
        return EVP_EC_gen("P-256");
    case KeyKind::ecdsa_p384:
        return EVP_EC_gen("P-384");
    case KeyKind::ecdsa_p521:
        return EVP_EC_gen("P-521");
    case KeyKind::ed25519:
        return EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519");
    case KeyKind::rsa:
        return EVP_RSA_gen(rsa_bits);
    }
    return nullptr;
}

Result<Bytes> public_half(EVP_PKEY* key) {
    if (EVP_PKEY_get_base_id(key) == EVP_PKEY_EC) {
        // A key file may hold its point in compressed form; there is one form in what we publish.
        EVP_PKEY_set_utf8_string_param(
            key, OSSL_PKEY_PARAM_EC_POINT_CONVERSION_FORMAT, "uncompressed");
    }
    unsigned char* der = nullptr;
    const int size = i2d_PUBKEY(key, &der);
    if (size <= 0) {
        return Error{ErrorCode::malformed, "the private key has no public half"};
    }
    Bytes spki(reinterpret_cast<const char*>(der), static_cast<std::size_t>(size));
    OPENSSL_free(der);
    return spki;
}

Bytes sign_ed25519ph(EVP_PKEY* key, const PublicKey& public_key, ByteView message) {
    SecretBytes secret(crypto_sign_SECRETKEYBYTES);
    std::size_t size = kEd25519SeedBytes;
    if (sodium_init() < 0 ||
        EVP_PKEY_get_raw_private_key(key, bytes_of(secret.data()), &size) != 1) {
        return {};
    }
    // libsodium's secret key is the seed followed by the public key.
    public_key.spki().copy(secret.data() + kEd25519SeedBytes,
                           crypto_sign_PUBLICKEYBYTES,
                           public_key.spki().size() - crypto_sign_PUBLICKEYBYTES);
    Bytes signature(crypto_sign_BYTES, '\0');
    crypto_sign_ed25519ph_state state;
    crypto_sign_ed25519ph_init(&state);
    crypto_sign_ed25519ph_update(&state, bytes_of(message), message.size());
    crypto_sign_ed25519ph_final_create(
        &state, bytes_of(signature.data()), nullptr, bytes_of(secret.view()));
    return signature;
}

Bytes sign_evp(EVP_PKEY* key, ByteView message, SignatureAlgorithm algorithm) {
    const DigestContext context(EVP_MD_CTX_new());
    EVP_PKEY_CTX* parameters = nullptr;
    if (!context ||
        EVP_DigestSignInit(context.get(), &parameters, hash_of(algorithm), nullptr, key) != 1 ||
        !configure(parameters, algorithm)) {
        return {};
    }
    std::size_t size = static_cast<std::size_t>(EVP_PKEY_get_size(key));
    Bytes signature(size, '\0');
    if (EVP_DigestSign(
            context.get(), bytes_of(signature.data()), &size, bytes_of(message), message.size()) !=
        1) {
        return {};
    }
    signature.resize(size);
    return signature;
}

} // namespace

void PrivateKey::Deleter::operator()(evp_pkey_st* key) const {
    EVP_PKEY_free(key);
}

Result<PrivateKey> PrivateKey::from(Handle key) {
    BULLA_TRY_ASSIGN(const Bytes spki, public_half(key.get()));
    BULLA_TRY_ASSIGN(PublicKey public_key, PublicKey::parse_spki(spki));
    return PrivateKey(std::move(key), std::move(public_key));
}

Result<PrivateKey> PrivateKey::parse(PrivateKeyForm form, ByteView der) {
    const ErrorQueueGuard guard;
    Handle key(parse_der(form, der).release());
    if (!key) {
        return Error{ErrorCode::malformed, "the private key is not DER of the kind its label says"};
    }
    return from(std::move(key));
}

Result<PrivateKey> PrivateKey::generate(KeyKind kind, unsigned rsa_bits) {
    const ErrorQueueGuard guard;
    Handle key(generate_handle(kind, rsa_bits));
    if (!key) {
        return Error{ErrorCode::internal, "OpenSSL could not generate a key"};
    }
    return from(std::move(key));
}

Result<Bytes> PrivateKey::sign(ByteView message, SignatureAlgorithm algorithm) const {
    if (!fits(public_key_.kind(), algorithm)) {
        return Error{ErrorCode::internal,
                     "a key of the kind " + std::string(to_string(public_key_.kind())) +
                         " cannot sign with " + std::string(to_string(algorithm))};
    }
    const ErrorQueueGuard guard;
    Bytes signature = algorithm == SignatureAlgorithm::ed25519ph
                          ? sign_ed25519ph(key_.get(), public_key_, message)
                          : sign_evp(key_.get(), message, algorithm);
    if (signature.empty() || !public_key_.verifies(message, signature, algorithm)) {
        return Error{ErrorCode::configuration,
                     "the key made a signature that its own public half does not confirm; the key "
                     "file is damaged"};
    }
    return signature;
}

Result<SecretBytes> PrivateKey::to_pkcs8() const {
    const ErrorQueueGuard guard;
    const Pkcs8 info(EVP_PKEY2PKCS8(key_.get()));
    unsigned char* der = nullptr;
    const int size = info ? i2d_PKCS8_PRIV_KEY_INFO(info.get(), &der) : 0;
    if (size <= 0) {
        return Error{ErrorCode::internal, "OpenSSL could not encode the private key"};
    }
    const auto length = static_cast<std::size_t>(size);
    SecretBytes out = SecretBytes::copy_of({reinterpret_cast<const char*>(der), length});
    OPENSSL_clear_free(der, length);
    return out;
}

} // namespace bulla::crypto
