// SPDX-License-Identifier: Apache-2.0
#include "base/core/text.hpp"
#include "base/crypto/pem.hpp"
#include "base/io/file.hpp"
#include "sign/keys/encrypted_key.hpp"
#include "sign/keys/key_providers.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_dir.hpp"

#include <cstdlib>
#include <functional>
#include <set>

using namespace bulla;
using namespace bulla::sign;
using crypto::KeyKind;
using crypto::PrivateKey;

namespace {

/// Made by cosign 3.1.3 under the password "test" (testdata/sign/cosign/make.sh).
std::string cosign_envelope() {
    return test::value_of(
        read_file(BULLA_TESTDATA "/sign/cosign/p256.key-envelope.json", 64 * 1024));
}

std::string cosign_public_key() {
    return test::value_of(read_file(BULLA_TESTDATA "/sign/cosign/p256.pub", 64 * 1024));
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
    const auto at = text.find(from);
    REQUIRE(at != std::string::npos);
    return text.replace(at, from.size(), to);
}

PasswordSource password(std::string text) {
    return [text = std::move(text)]() -> Result<crypto::SecretBytes> {
        return crypto::SecretBytes::copy_of(text);
    };
}

Result<crypto::SecretBytes> no_password() {
    return Error{ErrorCode::internal, "nobody was to be asked for a password"};
}

std::string plain_pem(const PrivateKey& key) {
    return crypto::to_pem("PRIVATE KEY", test::value_of(key.to_pkcs8()).view());
}

Error refusal(const std::string& pem) {
    return test::error_of(parse_private_key(pem, no_password, "my.key"));
}

class Variable {
  public:
    Variable(const char* name, const std::string& value) : name_(name) {
        ::setenv(name, value.c_str(), 1);
    }

    Variable(const Variable&) = delete;
    Variable& operator=(const Variable&) = delete;

    ~Variable() { ::unsetenv(name_); }

  private:
    const char* name_;
};

} // namespace

TEST_CASE("keys: cosign's encrypted key opens with its password", "[sign][keys]") {
    const auto key = test::value_of(decrypt_private_key(cosign_envelope(), "test"));
    CHECK(key.public_key().to_pem() == cosign_public_key());
}

TEST_CASE("keys: the old label of encrypted keys is read as the new one", "[sign][keys]") {
    for (const auto label : {kEncryptedKeyLabel, kOldEncryptedKeyLabel}) {
        const std::string pem = crypto::to_pem(label, cosign_envelope());
        CHECK(parse_private_key(pem, password("test"), "my.key").has_value());
    }
}

TEST_CASE("keys: a wrong password is a configuration error with a hint", "[sign][keys]") {
    const std::string pem = crypto::to_pem(kEncryptedKeyLabel, cosign_envelope());
    const Error error = test::error_of(parse_private_key(pem, password("test\n"), "my.key"));
    CHECK(error.code == ErrorCode::configuration);
    CHECK(error.message == "the password does not open the private key");
    CHECK(error.hint.find("COSIGN_PASSWORD") != std::string::npos);
    CHECK(error.where == "my.key");
}

TEST_CASE("keys: what we encrypt opens again, with cosign's parameters and member order",
          "[sign][keys]") {
    const PrivateKey key = test::value_of(PrivateKey::generate(KeyKind::ed25519));
    const std::string pem = test::value_of(encrypt_private_key(key, ""));
    CHECK(pem.starts_with("-----BEGIN ENCRYPTED SIGSTORE PRIVATE KEY-----\n"));
    const auto blocks = test::value_of(crypto::parse_pem(pem, "the key"));
    CHECK(blocks.front().content.view().starts_with(
        R"({"kdf":{"name":"scrypt","params":{"N":65536,"r":8,"p":1},"salt":")"));
    CHECK(test::value_of(parse_private_key(pem, password(""), "my.key")).public_key() ==
          key.public_key());
}

TEST_CASE("keys: two encryptions of one key share neither salt nor nonce", "[sign][keys]") {
    const PrivateKey key = test::value_of(PrivateKey::generate(KeyKind::ed25519));
    CHECK(test::value_of(encrypt_private_key(key, "x")) !=
          test::value_of(encrypt_private_key(key, "x")));
}

TEST_CASE("keys: scrypt parameters that no client writes are refused before any work",
          "[sign][keys]") {
    for (const auto* const n : {"16384", "262144", "65537", "-65536", "65536.0", "\"65536\""}) {
        const auto changed = replaced(cosign_envelope(), "\"N\":65536", std::string("\"N\":") + n);
        CHECK(test::error_of(check_encrypted_key(changed)).code == ErrorCode::unsupported);
    }
    CHECK_FALSE(check_encrypted_key(replaced(cosign_envelope(), "\"r\":8", "\"r\":16")));
    CHECK_FALSE(check_encrypted_key(replaced(cosign_envelope(), "\"p\":1", "\"p\":2")));
    CHECK(check_encrypted_key(replaced(cosign_envelope(), "\"N\":65536", "\"N\":131072")));
    CHECK(check_encrypted_key(replaced(cosign_envelope(), "\"N\":65536", "\"N\":32768")));
}

TEST_CASE("keys: another derivation or cipher is refused", "[sign][keys]") {
    CHECK(
        test::error_of(check_encrypted_key(replaced(cosign_envelope(), "scrypt", "pbkdf2"))).code ==
        ErrorCode::unsupported);
    CHECK(test::error_of(check_encrypted_key(replaced(cosign_envelope(), "nacl/secretbox", "none")))
              .code == ErrorCode::unsupported);
}

TEST_CASE("keys: a nonce of another length is refused", "[sign][keys]") {
    std::string envelope = cosign_envelope();
    const auto at = envelope.find("\"nonce\":\"") + 9;
    envelope.erase(at, 4);
    CHECK(test::error_of(check_encrypted_key(envelope)).code == ErrorCode::malformed);
}

TEST_CASE("keys: a damaged envelope is refused without asking for a password", "[sign][keys]") {
    const std::string broken = replaced(cosign_envelope(), "\"kdf\"", "\"KDF\"");
    CHECK(refusal(crypto::to_pem(kEncryptedKeyLabel, broken)).code == ErrorCode::configuration);
}

TEST_CASE("keys: PKCS#8 needs no password, and EC PARAMETERS before a key are passed over",
          "[sign][keys]") {
    const PrivateKey key = test::value_of(PrivateKey::generate(KeyKind::ecdsa_p256));
    const std::string pem = crypto::to_pem("EC PARAMETERS", "x") + plain_pem(key);
    CHECK(test::value_of(parse_private_key(pem, no_password, "my.key")).public_key() ==
          key.public_key());
}

TEST_CASE("keys: an error of the password source is passed on", "[sign][keys]") {
    const std::string pem = crypto::to_pem(kEncryptedKeyLabel, cosign_envelope());
    CHECK(refusal(pem).message == "nobody was to be asked for a password");
}

TEST_CASE("keys: PKCS#8 encrypted by OpenSSL is refused with the command that decrypts it",
          "[sign][keys]") {
    const Error error = refusal(crypto::to_pem("ENCRYPTED PRIVATE KEY", "x"));
    CHECK(error.code == ErrorCode::configuration);
    CHECK(error.hint == "decrypt it first: openssl pkey -in my.key -out plain.pem");
}

TEST_CASE("keys: public and private keys given for one another are recognised", "[sign][keys]") {
    const PrivateKey key = test::value_of(PrivateKey::generate(KeyKind::ecdsa_p256));
    CHECK(refusal(key.public_key().to_pem()).message ==
          "expected a private key, found a public one");
    const Error error = test::error_of(parse_public_key(plain_pem(key), "my.key"));
    CHECK(error.code == ErrorCode::configuration);
    CHECK(error.hint == "extract the public half: bulla-sign public-key --key my.key");
}

TEST_CASE("keys: two keys in one file, and no PEM at all, are configuration errors",
          "[sign][keys]") {
    const PrivateKey key = test::value_of(PrivateKey::generate(KeyKind::ecdsa_p256));
    CHECK(refusal(plain_pem(key) + plain_pem(key)).code == ErrorCode::configuration);
    CHECK(refusal("not a key").code == ErrorCode::configuration);
    CHECK(test::error_of(parse_public_key("not a key", "my.pub")).code == ErrorCode::configuration);
}

TEST_CASE("key providers: a path and env:// give the same key", "[sign][keys]") {
    const test::TempDir dir;
    const PrivateKey key = test::value_of(PrivateKey::generate(KeyKind::ecdsa_p256));
    test::value_of(write_file_atomically(dir.file("a:b.key"), plain_pem(key)));
    test::value_of(write_file_atomically(dir.file("my.pub"), key.public_key().to_pem()));
    const Variable variable("BULLA_TEST_KEY", plain_pem(key));
    const Variable public_variable("BULLA_TEST_PUB", key.public_key().to_pem());
    for (const std::string& reference :
         {dir.file("a:b.key"), std::string("env://BULLA_TEST_KEY")}) {
        CHECK(test::value_of(load_signer(reference, no_password))->public_key() ==
              key.public_key());
    }
    for (const std::string& reference : {dir.file("my.pub"), std::string("env://BULLA_TEST_PUB")}) {
        CHECK(test::value_of(load_public_key(reference)) == key.public_key());
    }
}

TEST_CASE("key providers: what is missing is a configuration error", "[sign][keys]") {
    for (const auto* const reference :
         {"/does/not/exist.key", "env://BULLA_TEST_UNSET", "env://"}) {
        CHECK(test::error_of(load_signer(reference, no_password)).code == ErrorCode::configuration);
        CHECK(test::error_of(load_public_key(reference)).code == ErrorCode::configuration);
    }
}

TEST_CASE("key providers: a reference that none takes names the forms there are", "[sign][keys]") {
    for (const auto* const reference :
         {"awskms:///alias/x", "pkcs11:token=x;object=y", "k8s://ns/secret", "https://x/y.pub"}) {
        const Error error = test::error_of(load_signer(reference, no_password));
        CHECK(error.code == ErrorCode::configuration);
        REQUIRE(error.context.size() == 1);
        CHECK(error.context.front().value == "PATH, env://VARIABLE");
    }
}

TEST_CASE("key providers: ids are unique, and a reference has at most one provider",
          "[sign][keys]") {
    std::set<std::string_view> ids;
    int takers = 0;
    for (const auto make : key_providers()) {
        ids.insert(make()->id());
        takers += make()->takes("env://X") ? 1 : 0;
    }
    CHECK(ids.size() == key_providers().size());
    CHECK(takers == 1);
}

TEST_CASE("signer: the algorithms are those that plain cosign verify --key accepts",
          "[sign][keys]") {
    CHECK(to_string(signing_algorithm(KeyKind::ecdsa_p256)) == "ecdsa-sha256");
    CHECK(to_string(signing_algorithm(KeyKind::ecdsa_p384)) == "ecdsa-sha256");
    CHECK(to_string(signing_algorithm(KeyKind::ecdsa_p521)) == "ecdsa-sha256");
    CHECK(to_string(signing_algorithm(KeyKind::ed25519)) == "ed25519");
    CHECK(to_string(signing_algorithm(KeyKind::rsa)) == "rsa-pkcs1-sha256");
}
