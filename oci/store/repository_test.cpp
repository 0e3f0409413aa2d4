// SPDX-License-Identifier: Apache-2.0
#include "base/crypto/hasher.hpp"
#include "oci/store/challenge.hpp"
#include "oci/store/link_header.hpp"
#include "oci/store/registry_blob_reader.hpp"
#include "oci/store/repository.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/memory_repository.hpp"

namespace bulla::oci {
namespace {

using test::error_of;
using test::MemoryRepository;
using test::value_of;

VerifyingReader verifying(std::string_view content, const Descriptor& expected) {
    return VerifyingReader(std::make_unique<MemoryReader>(content), expected);
}

TEST_CASE("verifying reader: right bytes pass and are verified at their end", "[oci][store]") {
    VerifyingReader reader = verifying("content", describe("a/b", "content"));
    std::array<char, 7> bytes{};
    CHECK(value_of(reader.read(bytes)) == 7);
    CHECK_FALSE(reader.verified());
    CHECK(value_of(reader.read(bytes)) == 0);
    CHECK(reader.verified());
}

TEST_CASE("verifying reader: fewer, more and other bytes are integrity errors",
          "[oci][store][integrity]") {
    const Descriptor expected = describe("a/b", "content");
    for (const char* found : {"conten", "contents", "cantent", ""}) {
        CAPTURE(found);
        VerifyingReader reader = verifying(found, expected);
        CHECK(error_of(read_all(reader, 100, "it")).code == ErrorCode::integrity);
        CHECK_FALSE(reader.verified());
    }
}

TEST_CASE("fetch_blob: embedded data is used only if it has the digest", "[oci][store]") {
    MemoryRepository repository;
    Descriptor blob = value_of(put_bytes(repository, "a/b", "content"));
    blob.data = "CONTENT";
    CHECK(value_of(fetch_blob(repository, blob, 100, "it")) == "content");
    Descriptor elsewhere = describe("a/b", "embedded");
    elsewhere.data = "embedded";
    CHECK(value_of(fetch_blob(repository, elsewhere, 100, "it")) == "embedded");
}

TEST_CASE("fetch_blob: a blob over the limit is not opened", "[oci][store]") {
    MemoryRepository repository;
    const Descriptor blob = value_of(put_bytes(repository, "a/b", "content"));
    CHECK(error_of(fetch_blob(repository, blob, 6, "it")).code == ErrorCode::limit_exceeded);
}

TEST_CASE("fallback tag: at most 64 characters of the hash", "[oci][store]") {
    const Digest sha256 = crypto::digest("x");
    CHECK(referrers_tag(sha256) == "sha256-" + sha256.hex());
    const Digest sha512 = crypto::digest("x", HashAlgorithm::sha512);
    CHECK(referrers_tag(sha512) == "sha512-" + sha512.hex().substr(0, 64));
}

TEST_CASE("challenge: several in one header, quoted commas and escapes", "[oci][store]") {
    const auto all = parse_challenges(
        R"(Negotiate a2V5==, Basic realm="a \"b\", c", BEARER Realm="https://auth.example/t",)"
        R"(service=registry.example,scope="repository:a/b:pull,push repository:c:pull")");
    REQUIRE(all.size() == 3);
    CHECK(all[0].scheme == "negotiate");
    CHECK(all[1].scheme == "basic");
    CHECK(all[1].parameter("realm") == "a \"b\", c");
    CHECK(all[2].scheme == "bearer");
    CHECK(all[2].parameter("realm") == "https://auth.example/t");
    CHECK(all[2].parameter("service") == "registry.example");
    CHECK(all[2].parameter("scope") == "repository:a/b:pull,push repository:c:pull");
}

TEST_CASE("challenge: garbage offers nothing and ends", "[oci][store]") {
    CHECK(parse_challenges("").empty());
    CHECK(parse_challenges(",,,").empty());
    CHECK(parse_challenges("\"").empty());
    CHECK(parse_challenges("Bearer realm=\"unclosed").size() == 1);
    CHECK(parse_challenges("=a, =b").empty());
    CHECK(parse_challenges("Basic").size() == 1);
}

TEST_CASE("link: the next one is found among others", "[oci][store]") {
    CHECK(next_link(R"(</v2/a/tags/list?n=2&last=b>; rel="next")") == "/v2/a/tags/list?n=2&last=b");
    CHECK(next_link(R"(<a>; rel="prev"; title="x, <y>", <b>; rel=next)") == "b");
    CHECK(next_link(R"(<a>; rel="last next")") == "a");
    CHECK(next_link(R"(<a>; rel="nextly")") == std::nullopt);
    CHECK(next_link("<a") == std::nullopt);
    CHECK(next_link("") == std::nullopt);
}

TEST_CASE("range: only what goes to the end of the blob counts", "[oci][store]") {
    CHECK(range_start("bytes 5-9/10", 10) == 5);
    CHECK(range_start("bytes 5-9/*", 10) == 5);
    for (const char* text : {"bytes 5-8/10",
                             "bytes 5-9/11",
                             "bytes 9-5/10",
                             "bytes */10",
                             "5-9/10",
                             "bytes 5-9",
                             ""}) {
        CAPTURE(text);
        CHECK(range_start(text, 10) == std::nullopt);
    }
}

} // namespace
} // namespace bulla::oci
