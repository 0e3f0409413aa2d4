// SPDX-License-Identifier: Apache-2.0
#include "base/core/text.hpp"
#include "base/crypto/secretbox.hpp"
#include "tests/support/catch.hpp"

using namespace bulla;

TEST_CASE("scrypt: gives the key of RFC 7914 section 12, third vector", "[base][crypto][vectors]") {
    const auto key = test::value_of(
        crypto::scrypt("pleaseletmein", "SodiumChloride", {.n = 16384, .r = 8, .p = 1}));
    CHECK(text::to_hex(key.view()) ==
          "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2");
}

TEST_CASE("secretbox: opens with its key and nonce only, and unchanged", "[base][crypto]") {
    crypto::SecretBytes key(crypto::kSecretboxKeyBytes);
    const Bytes nonce = crypto::random_bytes(crypto::kSecretboxNonceBytes);
    Bytes box = test::value_of(crypto::seal_secretbox("plain", nonce, key));
    CHECK(crypto::open_secretbox(box, nonce, key)->view() == "plain");
    crypto::SecretBytes other(crypto::kSecretboxKeyBytes);
    other.data()[0] = 1;
    CHECK_FALSE(crypto::open_secretbox(box, nonce, other));
    CHECK_FALSE(crypto::open_secretbox(box, nonce.substr(1), key));
    CHECK_FALSE(crypto::open_secretbox(box.substr(0, 15), nonce, key));
    box.back() = static_cast<char>(box.back() ^ 1);
    CHECK_FALSE(crypto::open_secretbox(box, nonce, key));
}
