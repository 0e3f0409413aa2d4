// SPDX-License-Identifier: Apache-2.0
#include "base/crypto/public_key.hpp"

#include "base/core/digest.hpp"
#include "base/core/text.hpp"
#include "base/crypto/hasher.hpp"
#include "base/crypto/openssl_handles.hpp"
#include "base/crypto/pem.hpp"

#include <openssl/core_names.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>
#include <sodium.h>

#include <array>

namespace bulla::crypto {

namespace {

using namespace std::string_view_literals;

/// The DER of a SubjectPublicKeyInfo up to the coordinates, which are the rest and of fixed length;
/// of an elliptic curve's point the form byte belongs to it: 4 is "uncompressed", and the hybrid
/// forms 6 and 7, which OpenSSL reads as well, would be more spellings of the same key. Reading by
/// comparison accepts one encoding per key, and no curve given by explicit parameters
/// (CVE-2020-0601).
struct FixedSpki {
    KeyKind kind;
    std::string_view prefix;
    std::size_t coordinate_bytes;
    const char* group;
};

constexpr std::array kFixedSpki{
    FixedSpki{KeyKind::ecdsa_p256,
              "\x30\x59\x30\x13\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x08\x2a\x86\x48\xce\x3d\x03"
              "\x01\x07\x03\x42\x00\x04"sv,
              64,
              "P-256"},
    FixedSpki{KeyKind::ecdsa_p384,
              "\x30\x76\x30\x10\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x05\x2b\x81\x04\x00\x22\x03"
              "\x62\x00\x04"sv,
              96,
              "P-384"},
    FixedSpki{KeyKind::ecdsa_p521,
              "\x30\x81\x9b\x30\x10\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x05\x2b\x81\x04\x00\x23"
              "\x03\x81\x86\x00\x04"sv,
              132,
              "P-521"},
    FixedSpki{KeyKind::ed25519, "\x30\x2a\x30\x05\x06\x03\x2b\x65\x70\x03\x21\x00"sv, 32, nullptr},
};

constexpr int kRsaBitsMin = 2048;
constexpr int kRsaBitsMax = 8192;
constexpr BN_ULONG kRsaExponentMin = 65537;

KeyHandle make_ec(const char* group, ByteView point) {
    const KeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr));
    std::string point_copy(point);
    std::string group_copy(group);
    std::array parameters{
        OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group_copy.data(), 0),
        OSSL_PARAM_construct_octet_string(
            OSSL_PKEY_PARAM_PUB_KEY, point_copy.data(), point_copy.size()),
        OSSL_PARAM_construct_end(),
    };
    EVP_PKEY* key = nullptr;
    // Also checks that the point is on the curve.
    if (!context || EVP_PKEY_fromdata_init(context.get()) != 1 ||
        EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, parameters.data()) != 1) {
        return nullptr;
    }
    return KeyHandle(key);
}

Status check_rsa(const EVP_PKEY* key) {
    const int bits = EVP_PKEY_get_bits(key);
    if (bits < kRsaBitsMin || bits > kRsaBitsMax) {
        return Error{ErrorCode::unsupported,
                     "expected an RSA key of 2048 to 8192 bits, found one of " +
                         std::to_string(bits)};
    }
    BIGNUM* raw = nullptr;
    if (EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_E, &raw) != 1) {
        return Error{ErrorCode::malformed, "the RSA key has no exponent"};
    }
    const std::unique_ptr<BIGNUM, Free<BN_free>> exponent(raw);
    const bool sound = BN_is_odd(exponent.get()) != 0 && BN_num_bits(exponent.get()) <= 32 &&
                       BN_get_word(exponent.get()) >= kRsaExponentMin;
    if (!sound) {
        return Error{ErrorCode::unsupported,
                     "expected an RSA key with an odd public exponent from 65537 to 2^32"};
    }
    return ok();
}

template <auto encode> Bytes encoded(const EVP_PKEY* key) {
    unsigned char* der = nullptr;
    const int size = encode(key, &der);
    if (size <= 0) {
        return {};
    }
    Bytes out(reinterpret_cast<const char*>(der), static_cast<std::size_t>(size));
    OPENSSL_free(der);
    return out;
}

Result<KeyHandle> parse_rsa(ByteView spki) {
    const auto* cursor = bytes_of(spki);
    KeyHandle key(d2i_PUBKEY(nullptr, &cursor, static_cast<long>(spki.size())));
    if (!key || encoded<i2d_PUBKEY>(key.get()) != spki) {
        return Error{ErrorCode::malformed, "the public key is not a SubjectPublicKeyInfo in DER"};
    }
    if (EVP_PKEY_get_base_id(key.get()) != EVP_PKEY_RSA) {
        return Error{ErrorCode::unsupported,
                     "expected a public key of the kind ECDSA P-256, P-384, P-521 (named curve, "
                     "uncompressed point), Ed25519 or RSA; found another kind"};
    }
    BULLA_TRY(check_rsa(key.get()));
    return key;
}

Result<Bytes> pkcs1_to_spki(ByteView der) {
    const ErrorQueueGuard guard;
    const auto* cursor = bytes_of(der);
    const KeyHandle key(
        d2i_PublicKey(EVP_PKEY_RSA, nullptr, &cursor, static_cast<long>(der.size())));
    if (!key || cursor != bytes_of(der) + der.size()) {
        return Error{ErrorCode::malformed, "the public key is not an RSAPublicKey in DER"};
    }
    return encoded<i2d_PUBKEY>(key.get());
}

bool verifies_ed25519ph(ByteView point, ByteView message, ByteView signature) {
    if (signature.size() != crypto_sign_BYTES || sodium_init() < 0) {
        return false;
    }
    crypto_sign_ed25519ph_state state;
    crypto_sign_ed25519ph_init(&state);
    crypto_sign_ed25519ph_update(&state, bytes_of(message), message.size());
    return crypto_sign_ed25519ph_final_verify(&state, bytes_of(signature), bytes_of(point)) == 0;
}

} // namespace

bool configure(EVP_PKEY_CTX* context, SignatureAlgorithm algorithm) {
    if (algorithm != SignatureAlgorithm::rsa_pss_sha256) {
        return true;
    }
    return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) == 1 &&
           EVP_PKEY_CTX_set_rsa_pss_saltlen(context, RSA_PSS_SALTLEN_DIGEST) == 1;
}

Result<PublicKey> PublicKey::parse_spki(ByteView der) {
    const ErrorQueueGuard guard;
    PublicKey key;
    key.spki_ = der;
    for (const FixedSpki& form : kFixedSpki) {
        if (!der.starts_with(form.prefix) ||
            der.size() != form.prefix.size() + form.coordinate_bytes) {
            continue;
        }
        const ByteView raw = der.substr(form.prefix.size());
        KeyHandle handle = form.group != nullptr
                               ? make_ec(form.group, der.substr(form.prefix.size() - 1))
                               : KeyHandle(EVP_PKEY_new_raw_public_key(
                                     EVP_PKEY_ED25519, nullptr, bytes_of(raw), raw.size()));
        if (!handle) {
            return Error{ErrorCode::malformed,
                         "the public key is not a point on the curve " +
                             std::string(to_string(form.kind))};
        }
        key.kind_ = form.kind;
        key.key_ = std::move(handle);
        return key;
    }
    BULLA_TRY_ASSIGN(KeyHandle handle, parse_rsa(der));
    key.kind_ = KeyKind::rsa;
    key.key_ = std::move(handle);
    return key;
}

Result<PublicKey> PublicKey::parse_pem(ByteView text, std::string_view what) {
    BULLA_TRY_ASSIGN(const auto blocks, crypto::parse_pem(text, what));
    if (blocks.size() != 1) {
        return Error{ErrorCode::malformed,
                     "expected one PEM block in " + std::string(what) + ", found " +
                         std::to_string(blocks.size())};
    }
    const PemBlock& block = blocks.front();
    if (block.label == "RSA PUBLIC KEY") {
        BULLA_TRY_ASSIGN(const Bytes spki, pkcs1_to_spki(block.content.view()));
        return parse_spki(spki);
    }
    if (block.label != "PUBLIC KEY") {
        return Error{ErrorCode::malformed,
                     "expected a PEM block PUBLIC KEY in " + std::string(what) + ", found " +
                         text::printable(block.label)};
    }
    return parse_spki(block.content.view());
}

std::string PublicKey::to_pem() const {
    return crypto::to_pem("PUBLIC KEY", spki_);
}

std::string PublicKey::hint() const {
    return text::to_base64(hash(HashAlgorithm::sha256, spki_));
}

bool PublicKey::verifies(ByteView message, ByteView signature, SignatureAlgorithm algorithm) const {
    if (!fits(kind_, algorithm)) {
        return false;
    }
    if (algorithm == SignatureAlgorithm::ed25519ph) {
        // OpenSSL 3.0 has only the pure form.
        return verifies_ed25519ph(ByteView(spki_).substr(spki_.size() - 32), message, signature);
    }
    const ErrorQueueGuard guard;
    const DigestContext context(EVP_MD_CTX_new());
    EVP_PKEY_CTX* parameters = nullptr;
    return context &&
           EVP_DigestVerifyInit(
               context.get(), &parameters, hash_of(algorithm), nullptr, key_.get()) == 1 &&
           configure(parameters, algorithm) &&
           EVP_DigestVerify(context.get(),
                            bytes_of(signature),
                            signature.size(),
                            bytes_of(message),
                            message.size()) == 1;
}

} // namespace bulla::crypto
