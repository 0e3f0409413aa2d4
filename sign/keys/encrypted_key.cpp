// SPDX-License-Identifier: Apache-2.0
#include "sign/keys/encrypted_key.hpp"

#include "base/core/limits.hpp"
#include "base/core/text.hpp"
#include "base/crypto/pem.hpp"
#include "base/crypto/secretbox.hpp"
#include "base/json/json.hpp"
#include "base/json/writer.hpp"

#include <algorithm>
#include <array>

namespace bulla::sign {

namespace {

constexpr std::string_view kKdf = "scrypt";
constexpr std::string_view kCipher = "nacl/secretbox";
constexpr std::size_t kSaltBytes = 32;
constexpr std::array<std::int64_t, 3> kScryptN{32768, 65536, 131072};

struct Envelope {
    crypto::ScryptCost cost;
    Bytes salt;
    Bytes nonce;
    Bytes ciphertext;
};

Error malformed(std::string_view what) {
    return Error{ErrorCode::malformed, "the encrypted key file " + std::string(what)};
}

Result<Bytes> base64_member(json::Value object, std::string_view name) {
    const auto value = object[name].string();
    auto bytes = value ? text::from_base64(*value) : std::nullopt;
    if (!bytes) {
        return malformed("has no base64 text under \"" + std::string(name) + "\"");
    }
    return std::move(*bytes);
}

Result<crypto::ScryptCost> parse_cost(json::Value parameters) {
    const auto n = parameters["N"].integer();
    const auto r = parameters["r"].integer();
    const auto p = parameters["p"].integer();
    if (!n || std::ranges::find(kScryptN, *n) == kScryptN.end() || r != 8 || p != 1) {
        return Error{ErrorCode::unsupported,
                     "expected scrypt parameters N=32768, 65536 or 131072 with r=8 and p=1 in the "
                     "encrypted key file, found others"};
    }
    return crypto::ScryptCost{static_cast<std::uint64_t>(*n), 8, 1};
}

Result<Envelope> parse_envelope(ByteView text) {
    BULLA_TRY_ASSIGN(const json::Document document,
                     json::Document::parse(
                         text, {.max_bytes = limits::kKeyFileBytes, .what = "encrypted key file"}));
    const json::Value root = document.root();
    if (root["kdf"]["name"].string() != kKdf || root["cipher"]["name"].string() != kCipher) {
        return Error{ErrorCode::unsupported,
                     "expected scrypt and nacl/secretbox in the encrypted key file, found another "
                     "key derivation or cipher"};
    }
    Envelope envelope;
    BULLA_TRY_ASSIGN(envelope.cost, parse_cost(root["kdf"]["params"]));
    BULLA_TRY_ASSIGN(envelope.salt, base64_member(root["kdf"], "salt"));
    BULLA_TRY_ASSIGN(envelope.nonce, base64_member(root["cipher"], "nonce"));
    BULLA_TRY_ASSIGN(envelope.ciphertext, base64_member(root, "ciphertext"));
    if (envelope.nonce.size() != crypto::kSecretboxNonceBytes) {
        return malformed("has a nonce of " + std::to_string(envelope.nonce.size()) +
                         " bytes where 24 are expected");
    }
    return envelope;
}

std::string write_envelope(const Envelope& envelope) {
    json::Writer writer;
    writer.begin_object().key("kdf").begin_object().member("name", kKdf);
    writer.key("params").begin_object();
    writer.key("N").integer(static_cast<std::int64_t>(envelope.cost.n));
    writer.key("r").integer(envelope.cost.r).key("p").integer(envelope.cost.p).end_object();
    writer.member("salt", text::to_base64(envelope.salt)).end_object();
    writer.key("cipher").begin_object().member("name", kCipher);
    writer.member("nonce", text::to_base64(envelope.nonce)).end_object();
    writer.member("ciphertext", text::to_base64(envelope.ciphertext)).end_object();
    return writer.finish();
}

} // namespace

Result<std::string> encrypt_private_key(const crypto::PrivateKey& key, ByteView password) {
    Envelope envelope;
    envelope.salt = crypto::random_bytes(kSaltBytes);
    envelope.nonce = crypto::random_bytes(crypto::kSecretboxNonceBytes);
    BULLA_TRY_ASSIGN(const crypto::SecretBytes derived,
                     crypto::scrypt(password, envelope.salt, envelope.cost));
    BULLA_TRY_ASSIGN(const crypto::SecretBytes plaintext, key.to_pkcs8());
    BULLA_TRY_ASSIGN(envelope.ciphertext,
                     crypto::seal_secretbox(plaintext.view(), envelope.nonce, derived));
    return crypto::to_pem(kEncryptedKeyLabel, write_envelope(envelope));
}

Status check_encrypted_key(ByteView envelope) {
    BULLA_TRY(parse_envelope(envelope));
    return ok();
}

Result<crypto::PrivateKey> decrypt_private_key(ByteView text, ByteView password) {
    BULLA_TRY_ASSIGN(const Envelope envelope, parse_envelope(text));
    BULLA_TRY_ASSIGN(const crypto::SecretBytes derived,
                     crypto::scrypt(password, envelope.salt, envelope.cost));
    const auto plaintext = crypto::open_secretbox(envelope.ciphertext, envelope.nonce, derived);
    if (!plaintext) {
        return Error{ErrorCode::configuration, "the password does not open the private key"}
            .with_hint("give the right password in BULLA_PASSWORD or COSIGN_PASSWORD; a password "
                       "piped in counts with its final line feed");
    }
    return crypto::PrivateKey::parse(crypto::PrivateKeyForm::pkcs8, plaintext->view());
}

} // namespace bulla::sign
