// SPDX-License-Identifier: Apache-2.0
#include "base/core/digest.hpp"
#include "tests/support/catch.hpp"

#include <string>
#include <vector>

using namespace bulla;

namespace {
const std::string kHex = "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a";
}

TEST_CASE("digest: a sha256 digest survives parsing and printing", "[base][digest]") {
    const auto digest = test::value_of(Digest::parse("sha256:" + kHex));
    CHECK(digest.algorithm() == HashAlgorithm::sha256);
    CHECK(digest.hex() == kHex);
    CHECK(digest.to_string() == "sha256:" + kHex);
}

TEST_CASE("digest: what cannot name content is malformed", "[base][digest]") {
    std::string upper = kHex;
    upper[3] = 'A';
    for (const auto& text : std::vector<std::string>{std::string(),
                                                     kHex,
                                                     "sha256:",
                                                     "sha256:" + kHex + "0",
                                                     "sha256:" + kHex.substr(1),
                                                     "sha256:" + upper,
                                                     "sha256:../" + kHex.substr(3),
                                                     "sha512:" + kHex,
                                                     "SHA256:" + kHex,
                                                     "a/b:" + kHex}) {
        CAPTURE(text);
        CHECK(test::error_of(Digest::parse(text)).code == ErrorCode::malformed);
    }
}

TEST_CASE("digest: a registered algorithm we do not compute is unsupported, not malformed",
          "[base][digest]") {
    CHECK(test::error_of(Digest::parse("blake3:" + kHex)).code == ErrorCode::unsupported);
}
