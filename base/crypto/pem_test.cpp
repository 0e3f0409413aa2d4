// SPDX-License-Identifier: Apache-2.0
#include "base/crypto/pem.hpp"
#include "tests/support/catch.hpp"

using namespace bulla;

namespace {

ErrorCode refusal(const std::string& text) {
    return test::error_of(crypto::parse_pem(text, "the key")).code;
}

} // namespace

TEST_CASE("pem: blocks come with their labels, white space between them is nothing",
          "[base][crypto]") {
    const auto blocks = test::value_of(crypto::parse_pem("\n-----BEGIN A-----\r\nAAEC\r\n"
                                                         "-----END A-----\r\n \n"
                                                         "-----BEGIN B C-----\nAA\nE=\n"
                                                         "-----END B C-----",
                                                         "the key"));
    REQUIRE(blocks.size() == 2);
    CHECK(blocks[0].label == "A");
    CHECK(blocks[0].content.view() == std::string_view("\0\1\2", 3));
    CHECK(blocks[1].label == "B C");
    CHECK(blocks[1].content.view() == std::string_view("\0\1", 2));
}

TEST_CASE("pem: what is written has lines of 64 columns and is read again", "[base][crypto]") {
    const std::string content(100, 'x');
    const std::string pem = crypto::to_pem("A", content);
    CHECK(pem.substr(0, 16) == "-----BEGIN A----");
    CHECK(pem.find('\n', 18) == 18 + 64);
    CHECK(pem.ends_with("-----END A-----\n"));
    CHECK(test::value_of(crypto::parse_pem(pem, "the key")).front().content.view() == content);
}

TEST_CASE("pem: text outside of blocks is refused", "[base][crypto]") {
    CHECK(refusal("junk\n-----BEGIN A-----\nAAEC\n-----END A-----\n") == ErrorCode::malformed);
    CHECK(refusal("-----BEGIN A-----\nAAEC\n-----END A-----\njunk") == ErrorCode::malformed);
}

TEST_CASE("pem: a text without a block is refused", "[base][crypto]") {
    CHECK(refusal("") == ErrorCode::malformed);
    CHECK(refusal("\n\n") == ErrorCode::malformed);
}

TEST_CASE("pem: a block must end, and with its own label", "[base][crypto]") {
    CHECK(refusal("-----BEGIN A-----\nAAEC\n") == ErrorCode::malformed);
    CHECK(refusal("-----BEGIN A-----\nAAEC\n-----END B-----\n") == ErrorCode::malformed);
}

TEST_CASE("pem: the content is strict base64", "[base][crypto]") {
    CHECK(refusal("-----BEGIN A-----\nAA C\n-----END A-----\n") == ErrorCode::malformed);
    CHECK(refusal("-----BEGIN A-----\nAAE\n-----END A-----\n") == ErrorCode::malformed);
    CHECK(refusal("-----BEGIN A-----\nAAF=\n-----END A-----\n") == ErrorCode::malformed);
}

TEST_CASE("pem: headers of old encrypted keys are unsupported", "[base][crypto]") {
    CHECK(refusal("-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\nAAEC\n"
                  "-----END RSA PRIVATE KEY-----\n") == ErrorCode::unsupported);
}

TEST_CASE("pem: a text beyond the limit is refused unread", "[base][crypto]") {
    CHECK(refusal(std::string(65 * 1024, '\n')) == ErrorCode::limit_exceeded);
}
