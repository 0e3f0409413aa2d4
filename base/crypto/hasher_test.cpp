// SPDX-License-Identifier: Apache-2.0
#include "base/crypto/hasher.hpp"
#include "tests/support/catch.hpp"

using namespace bulla;

// The vectors are those of FIPS 180-4's example documents ("abc").
TEST_CASE("hasher: SHA-256 of the FIPS example", "[base][crypto]") {
    CHECK(crypto::digest("abc").to_string() ==
          "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST_CASE("hasher: SHA-512 of the FIPS example", "[base][crypto]") {
    CHECK(crypto::digest("abc", HashAlgorithm::sha512).to_string() ==
          "sha512:ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
          "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f");
}

TEST_CASE("hasher: pieces give the hash of the whole", "[base][crypto]") {
    crypto::Hasher hasher(HashAlgorithm::sha256);
    hasher.update("a");
    hasher.update("");
    hasher.update("bc");
    CHECK(hasher.finish_digest() == crypto::digest("abc"));
}
