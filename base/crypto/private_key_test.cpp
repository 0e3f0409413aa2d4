// SPDX-License-Identifier: Apache-2.0
#include "base/core/text.hpp"
#include "base/crypto/pem.hpp"
#include "base/crypto/private_key.hpp"
#include "tests/support/catch.hpp"

#include <algorithm>
#include <vector>

using namespace bulla;
using crypto::KeyKind;
using crypto::PrivateKey;
using crypto::PrivateKeyForm;
using crypto::SignatureAlgorithm;

namespace {

/// An Ed25519 seed as PKCS#8 (RFC 8410 section 7).
PrivateKey ed25519_key(std::string_view seed_hex) {
    const Bytes der = *text::from_hex("302e020100300506032b657004220420" + std::string(seed_hex));
    return test::value_of(PrivateKey::parse(PrivateKeyForm::pkcs8, der));
}

} // namespace

TEST_CASE("private key: Ed25519 gives the signature of RFC 8032 section 7.1, test 2",
          "[base][crypto][vectors]") {
    const PrivateKey key =
        ed25519_key("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb");
    const Bytes signature = test::value_of(key.sign("\x72", SignatureAlgorithm::ed25519));
    CHECK(text::to_hex(signature) ==
          "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
          "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00");
    CHECK_FALSE(key.public_key().verifies("\x72", signature, SignatureAlgorithm::ed25519ph));
}

TEST_CASE("private key: Ed25519ph gives the signature of RFC 8032 section 7.3",
          "[base][crypto][vectors]") {
    const PrivateKey key =
        ed25519_key("833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42");
    const Bytes signature = test::value_of(key.sign("abc", SignatureAlgorithm::ed25519ph));
    CHECK(text::to_hex(signature) ==
          "98a70222f0b8121aa9d30f813d683f809e462b469c7ff87639499bb94e6dae41"
          "31f85042463c2a355a2003d062adf5aaa10b8c61e636062aaad11c2a26083406");
    CHECK_FALSE(key.public_key().verifies("abc", signature, SignatureAlgorithm::ed25519));
}

TEST_CASE("private key: every kind signs with every algorithm that fits and no other",
          "[base][crypto]") {
    struct Case {
        KeyKind kind;
        std::vector<SignatureAlgorithm> algorithms;
    };

    const std::vector<SignatureAlgorithm> ecdsa{SignatureAlgorithm::ecdsa_sha256,
                                                SignatureAlgorithm::ecdsa_sha384,
                                                SignatureAlgorithm::ecdsa_sha512};
    const std::vector<Case> cases{
        {KeyKind::ecdsa_p256, ecdsa},
        {KeyKind::ecdsa_p384, ecdsa},
        {KeyKind::ecdsa_p521, ecdsa},
        {KeyKind::ed25519, {SignatureAlgorithm::ed25519, SignatureAlgorithm::ed25519ph}},
        {KeyKind::rsa, {SignatureAlgorithm::rsa_pkcs1_sha256, SignatureAlgorithm::rsa_pss_sha256}},
    };
    const std::vector<SignatureAlgorithm> all{SignatureAlgorithm::ecdsa_sha256,
                                              SignatureAlgorithm::ecdsa_sha384,
                                              SignatureAlgorithm::ecdsa_sha512,
                                              SignatureAlgorithm::ed25519,
                                              SignatureAlgorithm::ed25519ph,
                                              SignatureAlgorithm::rsa_pkcs1_sha256,
                                              SignatureAlgorithm::rsa_pss_sha256};
    for (const Case& c : cases) {
        const PrivateKey key = test::value_of(PrivateKey::generate(c.kind, 2048));
        CHECK(key.public_key().kind() == c.kind);
        for (const SignatureAlgorithm algorithm : all) {
            INFO(to_string(c.kind) << " " << to_string(algorithm));
            const bool expected = std::find(c.algorithms.begin(), c.algorithms.end(), algorithm) !=
                                  c.algorithms.end();
            const auto signature = key.sign("message", algorithm);
            CHECK(signature.has_value() == expected);
            if (signature) {
                CHECK_FALSE(key.public_key().verifies("messagf", *signature, algorithm));
            }
        }
    }
}

TEST_CASE("private key: PKCS#8 keeps the key, and bytes after it are refused", "[base][crypto]") {
    const PrivateKey key = test::value_of(PrivateKey::generate(KeyKind::ecdsa_p384));
    const auto der = test::value_of(key.to_pkcs8());
    CHECK(test::value_of(PrivateKey::parse(PrivateKeyForm::pkcs8, der.view())).public_key() ==
          key.public_key());
    CHECK(test::error_of(PrivateKey::parse(PrivateKeyForm::pkcs8, std::string(der.view()) + '\0'))
              .code == ErrorCode::malformed);
    CHECK(test::error_of(PrivateKey::parse(PrivateKeyForm::sec1, der.view())).code ==
          ErrorCode::malformed);
}

TEST_CASE("private key: halves that do not belong together sign nothing", "[base][crypto]") {
    const PrivateKey key = test::value_of(PrivateKey::generate(KeyKind::ecdsa_p256));
    const PrivateKey other = test::value_of(PrivateKey::generate(KeyKind::ecdsa_p256));
    std::string der(test::value_of(key.to_pkcs8()).view());
    const std::string point = other.public_key().spki().substr(26);
    der.replace(der.size() - point.size(), point.size(), point);
    const PrivateKey mixed = test::value_of(PrivateKey::parse(PrivateKeyForm::pkcs8, der));
    CHECK(test::error_of(mixed.sign("m", SignatureAlgorithm::ecdsa_sha256)).code ==
          ErrorCode::configuration);
}

TEST_CASE("secret bytes: what is taken over leaves nothing behind", "[base][crypto]") {
    Bytes original = "a password that does not fit a short string's own buffer";
    const char* const memory = original.data();
    const crypto::SecretBytes secret = crypto::SecretBytes::take(std::move(original));
    CHECK(secret.size() == 56);
    CHECK(std::string_view(memory, 10) == std::string_view("\0\0\0\0\0\0\0\0\0\0", 10));
}
