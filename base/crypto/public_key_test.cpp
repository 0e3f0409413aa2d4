// SPDX-License-Identifier: Apache-2.0
#include "base/core/text.hpp"
#include "base/crypto/pem.hpp"
#include "base/crypto/public_key.hpp"
#include "tests/support/catch.hpp"

using namespace bulla;
using crypto::PublicKey;

namespace {

/// Made by cosign 3.1.3, with the hint that it put into a bundle of this key.
constexpr std::string_view kCosignKey =
    "-----BEGIN PUBLIC KEY-----\n"
    "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEXE/To/tkvBB2R7XzXD6P8CjfuEp5\n"
    "r95csRBlWc74UqQuoDoiImSyKj5FAiWHvgz1opniRFyIFrgGrJR2wWcmqg==\n"
    "-----END PUBLIC KEY-----\n";
constexpr std::string_view kCosignHint = "EMiWBQRqqInETCLWYax8ygQwxF787ZiyOxa7NwEXX7w=";

/// `openssl ec -param_enc explicit`: P-256 spelled out as parameters.
constexpr std::string_view kExplicitCurve =
    "MIIBSzCCAQMGByqGSM49AgEwgfcCAQEwLAYHKoZIzj0BAQIhAP////8AAAABAAAA"
    "AAAAAAAAAAAA////////////////MFsEIP////8AAAABAAAAAAAAAAAAAAAA////"
    "///////////8BCBaxjXYqjqT57PrvVV2mIa8ZR0GsMxTsPY7zjw+J9JgSwMVAMSd"
    "NgiG5wSTamZ44ROdJreBn36QBEEEaxfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5"
    "RdiYwpZP40Li/hp/m47n60p8D54WK84zV2sxXs7LtkBoN79R9QIhAP////8AAAAA"
    "//////////+85vqtpxeehPO5ysL8YyVRAgEBA0IABEIX19DyeuWdZ81p95bbjZd9"
    "DWWs5vaxpfC7yyBWIPSG1cvn3fXmaO6ncI8r1NuWjVrZnh17TFWVPkRNqst5diw=";
constexpr std::string_view kCompressedPoint =
    "MDkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDIgACwn8JXUC17QBDGvvXmb5L9wyxlXn0MGtMiFEvw2H/nWk=";
constexpr std::string_view kRsa1024 =
    "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQC6r0HCfN2q/tRBICDrmoq2gtYw"
    "rRXBNSgC2lGoM+M5zU8dNm8CLukyFs3xfm4HWxPiS45tCR47ltoIiG1A4449ooZd"
    "rRUpkc4YczAcpWG9bSvrsyEIiTkFmJPxcjltE86aWz7fp1DstUiyYaW3lL0AWSTL"
    "jI382lxDNC4VNhJz1wIDAQAB";
constexpr std::string_view kRsaExponent3 =
    "MIIBIDANBgkqhkiG9w0BAQEFAAOCAQ0AMIIBCAKCAQEAnHiMtSt/USqS0+pguLto"
    "sTpuZK9yx/BD7m84nnKw1v5Ev8YvXAWnY3mkWh/Vjfx7fv4R2hZZuU3E/K33G+u3"
    "4F5ZccaCKmFrug3NDJuUal6R3rmtwhpj9XasGgOeeRkoyWQUbOArlaKaQ7ONA2zs"
    "26HF1H1r23cXLlTt2MTQcAUYt4LpHoHO/8lS3nH3pQF8pv8j/7Cvq+kFvt7i7wT3"
    "pBf+wxAVdwtTTEvz9RCQ8Q+aJafmA6xPYa1E52y3L5Lado24YCKivk6TMZGqCcyV"
    "Be4kjAtHfE73Yx3hpKOJcnwVFLQnVugE8ydCxVyABnJnBMY+twie5opQSv9PBVrG"
    "jwIBAw==";

Bytes der_of(std::string_view base64) {
    return *text::from_base64(base64);
}

} // namespace

TEST_CASE("public key: a P-256 key in PEM has the hint that cosign gives it", "[base][crypto]") {
    const auto key = test::value_of(PublicKey::parse_pem(kCosignKey));
    CHECK(key.kind() == crypto::KeyKind::ecdsa_p256);
    CHECK(key.hint() == kCosignHint);
    CHECK(key.to_pem() == kCosignKey);
}

TEST_CASE("public key: cosign's signature over a legacy payload holds", "[base][crypto]") {
    const auto key = test::value_of(PublicKey::parse_pem(kCosignKey));
    const std::string payload =
        R"({"critical":{"identity":{"docker-reference":"registry.example/demo/app"},"image":)"
        R"({"docker-manifest-digest":"sha256:1ae35d77132ded12d97e4a4d3462add89fb5544c6d738808027aa0)"
        R"(34e3af846c"},"type":"cosign container image signature"},"optional":null})";
    Bytes signature =
        der_of("MEYCIQCXC4NGrd906vYOrozNK7Ryh2B/uqWHqi2jrbUKAujD+AIhAM/R28E529yNrom08I"
               "p3KteHvyV0RFX37iB3gFYNdKpZ");
    CHECK(key.verifies(payload, signature, crypto::SignatureAlgorithm::ecdsa_sha256));
    CHECK_FALSE(key.verifies(payload, signature, crypto::SignatureAlgorithm::ecdsa_sha384));
    CHECK_FALSE(key.verifies(payload + " ", signature, crypto::SignatureAlgorithm::ecdsa_sha256));
    CHECK_FALSE(key.verifies(payload, signature, crypto::SignatureAlgorithm::ed25519));
    // ECDSA signatures have one encoding: nothing may trail.
    signature += '\0';
    CHECK_FALSE(key.verifies(payload, signature, crypto::SignatureAlgorithm::ecdsa_sha256));
}

TEST_CASE("public key: bytes after the key are refused", "[base][crypto]") {
    const auto key = test::value_of(PublicKey::parse_pem(kCosignKey));
    CHECK(test::error_of(PublicKey::parse_spki(key.spki() + '\0')).code == ErrorCode::malformed);
}

TEST_CASE("public key: a point that is not on the curve is refused", "[base][crypto]") {
    Bytes spki = test::value_of(PublicKey::parse_pem(kCosignKey)).spki();
    spki.back() = static_cast<char>(spki.back() ^ 1);
    CHECK(test::error_of(PublicKey::parse_spki(spki)).code == ErrorCode::malformed);
}

TEST_CASE("public key: a curve given by explicit parameters is refused", "[base][crypto]") {
    CHECK(test::error_of(PublicKey::parse_spki(der_of(kExplicitCurve))).code ==
          ErrorCode::unsupported);
}

TEST_CASE("public key: a compressed point is refused", "[base][crypto]") {
    CHECK(test::error_of(PublicKey::parse_spki(der_of(kCompressedPoint))).code ==
          ErrorCode::unsupported);
}

TEST_CASE("public key: a point in hybrid form, a second spelling of the same key, is refused",
          "[base][crypto][regression]") {
    Bytes spki = test::value_of(PublicKey::parse_pem(kCosignKey)).spki();
    REQUIRE(spki[26] == '\x04');
    spki[26] = static_cast<char>(6 + (spki.back() & 1)); // SEC 1, section 2.3.3
    CHECK(test::error_of(PublicKey::parse_spki(spki)).code == ErrorCode::unsupported);
}

TEST_CASE("public key: RSA below 2048 bits is refused", "[base][crypto]") {
    const Error error = test::error_of(PublicKey::parse_spki(der_of(kRsa1024)));
    CHECK(error.code == ErrorCode::unsupported);
    CHECK(error.message.find("1024") != std::string::npos);
}

TEST_CASE("public key: an RSA exponent below 65537 is refused", "[base][crypto]") {
    CHECK(test::error_of(PublicKey::parse_spki(der_of(kRsaExponent3))).code ==
          ErrorCode::unsupported);
}

TEST_CASE("public key: PEM of another label or two keys are refused", "[base][crypto]") {
    const std::string spki = test::value_of(PublicKey::parse_pem(kCosignKey)).spki();
    CHECK(test::error_of(PublicKey::parse_pem(crypto::to_pem("CERTIFICATE", spki))).code ==
          ErrorCode::malformed);
    CHECK(test::error_of(PublicKey::parse_pem(std::string(kCosignKey) + std::string(kCosignKey)))
              .code == ErrorCode::malformed);
}
