// SPDX-License-Identifier: Apache-2.0
#include "base/core/limits.hpp"
#include "sign/statement/envelope.hpp"
#include "sign/statement/predicate_type.hpp"
#include "sign/statement/simple_signing.hpp"
#include "sign/statement/statement.hpp"
#include "tests/support/catch.hpp"

using namespace bulla;
using namespace bulla::sign;

namespace {

const std::string kHex = "1ae35d77132ded12d97e4a4d3462add89fb5544c6d738808027aa034e3af846c";

Digest image() {
    return test::value_of(Digest::parse("sha256:" + kHex));
}

std::string statement_with(const std::string& subject) {
    return R"({"_type":"https://in-toto.io/Statement/v1","subject":)" + subject +
           R"(,"predicateType":"https://x/y","predicate":{}})";
}

ErrorCode refusal(const std::string& text) {
    return test::error_of(decode_statement(text)).code;
}

} // namespace

TEST_CASE("statement: an image signature is the bytes that cosign 3.1.3 accepts", "[sign]") {
    CHECK(test::value_of(
              encode_statement(make_image_signature(image(), {}), EmptyAnnotations::written)) ==
          R"({"_type":"https://in-toto.io/Statement/v1","subject":[{"digest":{"sha256":")" + kHex +
              R"("},"annotations":{}}],"predicateType":"https://sigstore.dev/cosign/sign/v1",)"
              R"("predicate":{}})");
}

TEST_CASE("statement: cosign's own is read, blanks and all", "[sign]") {
    const auto statement = test::value_of(decode_statement(
        R"({"_type":"https://in-toto.io/Statement/v1", "subject":[{"digest":{"sha256":")" + kHex +
        R"("}, "annotations":{"env":"a<b","n":1}}], "predicateType":)"
        R"("https://sigstore.dev/cosign/sign/v1", "predicate":{}})"));
    REQUIRE(statement.subjects.size() == 1);
    CHECK(statement.subjects[0].digests[0].value == kHex);
    CHECK(statement.subjects[0].annotations == Annotations{{"env", "a<b"}});
    CHECK(statement.predicate_type == kImageSignatureType);
}

TEST_CASE("statement: the predicate passes byte by byte in both directions", "[sign]") {
    const std::string predicate =
        R"({ "z":12345678901234567890, "f":1.50, "e":1e3, "neg0":-0.0,"esc":"a\/b<&>" })";
    const std::string bytes = test::value_of(encode_statement(
        make_attestation("registry.example/app", image(), "https://x/y", "\n" + predicate + "\n")));
    CHECK(bytes.find(",\"predicate\":" + predicate + "}") != std::string::npos);
    const auto statement = test::value_of(decode_statement(bytes));
    CHECK(statement.predicate == predicate);
    CHECK(statement.subjects[0].name == "registry.example/app");
}

TEST_CASE("statement: a predicate that is not one JSON value without duplicates is refused",
          "[sign]") {
    for (const auto* const predicate : {"", "{", R"({"a":1,"a":2})", "{} {}", "{},\"x\":1"}) {
        const auto statement = make_attestation("x", image(), "https://x/y", predicate);
        CHECK(test::error_of(encode_statement(statement)).code == ErrorCode::malformed);
    }
}

TEST_CASE("statement: version 0.1 is read, another type is not", "[sign]") {
    const std::string subject = R"([{"digest":{"sha256":"aa"}}])";
    std::string text = statement_with(subject);
    CHECK(decode_statement(text).has_value());
    text.replace(text.find("Statement/v1"), 12, "Statement/v0.1");
    CHECK(decode_statement(text).has_value());
    text.replace(text.find("Statement/v0.1"), 14, "Statement/v2");
    CHECK(refusal(text) == ErrorCode::malformed);
}

TEST_CASE("statement: subjects without a digest, and none at all, are refused", "[sign]") {
    CHECK(refusal(statement_with("[]")) == ErrorCode::malformed);
    CHECK(refusal(statement_with("null")) == ErrorCode::malformed);
    CHECK(refusal(statement_with(R"([{"name":"x"}])")) == ErrorCode::malformed);
    CHECK(refusal(statement_with(R"([{"digest":{}}])")) == ErrorCode::malformed);
    CHECK(refusal(statement_with(R"([{"digest":{"sha256":1}}])")) == ErrorCode::malformed);
}

TEST_CASE("statement: more subjects or digests than the limits are refused", "[sign]") {
    std::string many = "[";
    for (std::size_t i = 0; i <= limits::kSubjects; ++i) {
        many += std::string(i == 0 ? "" : ",") + R"({"digest":{"sha256":"aa"}})";
    }
    CHECK(refusal(statement_with(many + "]")) == ErrorCode::limit_exceeded);
    std::string digests = R"([{"digest":{)";
    for (std::size_t i = 0; i <= limits::kSubjectDigests; ++i) {
        digests += std::string(i == 0 ? "" : ",") + "\"a" + std::to_string(i) + "\":\"aa\"";
    }
    CHECK(refusal(statement_with(digests + "}}]")) == ErrorCode::limit_exceeded);
}

TEST_CASE("statement: duplicate keys and trailing text are refused", "[sign]") {
    std::string text = statement_with(R"([{"digest":{"sha256":"aa"}}])");
    CHECK(refusal(text + "{}") == ErrorCode::malformed);
    text.back() = ',';
    CHECK(refusal(text + R"("predicateType":"https://z"})") == ErrorCode::malformed);
}

TEST_CASE("envelope: PAE is that of the DSSE specification", "[sign][vectors]") {
    CHECK(pae("http://example.com/HelloWorld", "hello world") ==
          "DSSEv1 29 http://example.com/HelloWorld 11 hello world");
}

TEST_CASE("envelope: is written as cosign stores it, and read in any order and alphabet",
          "[sign]") {
    CHECK(encode_envelope({"t", "p\xFF\xFE", "s", ""}) ==
          R"({"payload":"cP/+","payloadType":"t","signatures":[{"sig":"cw=="}]})");
    const auto envelope = test::value_of(decode_envelope(
        R"({"signatures":[{"keyid":"k","sig":"cw"}],"payloadType":"t","payload":"cP_-","x":1})"));
    CHECK(envelope.payload == "p\xFF\xFE");
    CHECK(envelope.signature == "s");
    CHECK(envelope.key_id == "k");
}

TEST_CASE("envelope: no signature, two signatures, and foreign base64 are refused", "[sign]") {
    for (const auto* const text :
         {R"({"payload":"","payloadType":"t","signatures":[]})",
          R"({"payload":"","payloadType":"t","signatures":[{"sig":"cw=="},{"sig":"cw=="}]})",
          R"({"payload":"c w=","payloadType":"t","signatures":[{"sig":"cw=="}]})",
          R"({"payload":"","payloadType":"t","signatures":[{"sig":"cx=="}]})",
          R"({"payload":"","signatures":[{"sig":"cw=="}]})"}) {
        CHECK(test::error_of(decode_envelope(text)).code == ErrorCode::malformed);
    }
}

TEST_CASE("simple signing: the payload is cosign's, byte by byte", "[sign]") {
    CHECK(encode_simple_signing({"registry.example/demo/app", image(), {}}) ==
          R"({"critical":{"identity":{"docker-reference":"registry.example/demo/app"},"image":)"
          R"({"docker-manifest-digest":"sha256:)" +
              kHex + R"("},"type":"cosign container image signature"},"optional":null})");
    const std::string annotated = encode_simple_signing(
        {"r",
         image(),
         {{"zz", "<a>&b"}, {"Bb", "1"}, {"aa", "\u00e9/\u2028\x01\x7f\tq"}, {"two", "x"}}});
    CHECK(annotated.ends_with(
        "\"optional\":{\"Bb\":\"1\",\"aa\":\"\u00e9/\\u2028\\u0001\x7f\\tq\",\"two\":\"x\","
        "\"zz\":\"\\u003ca\\u003e\\u0026b\"}}"));
}

TEST_CASE("simple signing: what is written is read again", "[sign]") {
    const SimpleSigning payload{"r/x", image(), {{"a", "<&>"}}};
    const auto read = test::value_of(decode_simple_signing(encode_simple_signing(payload)));
    CHECK(read.docker_reference == "r/x");
    CHECK(read.image == payload.image);
    CHECK(read.annotations == payload.annotations);
}

TEST_CASE("simple signing: the type is required, and a digest", "[sign]") {
    const std::string good = encode_simple_signing({"r", image(), {}});
    for (const std::string_view part :
         {"cosign container image signature", "docker-manifest-digest", "sha256:"}) {
        std::string changed = good;
        changed.replace(changed.find(part), 6, "xxxxxx");
        CHECK_FALSE(decode_simple_signing(changed).has_value());
    }
}

TEST_CASE("predicate type: short names and URIs are taken, other words are not", "[sign]") {
    CHECK(test::value_of(parse_predicate_type("cyclonedx")) == "https://cyclonedx.org/bom");
    CHECK(test::value_of(parse_predicate_type("slsaprovenance1")) ==
          "https://slsa.dev/provenance/v1");
    CHECK(test::value_of(parse_predicate_type("urn:x")) == "urn:x");
    CHECK(test::error_of(parse_predicate_type("cyclone")).code == ErrorCode::usage);
    CHECK(test::error_of(parse_predicate_type("spdx")).hint ==
          "use spdxjson for SPDX documents in JSON");
    CHECK(test::error_of(parse_predicate_type("")).code == ErrorCode::usage);
}

TEST_CASE("predicate type: a type takes itself and its versions, nothing else", "[sign]") {
    const std::string_view wanted = "https://spdx.dev/Document";
    for (const auto* const actual : {"", "/v2.3", "/v3", "/1.0"}) {
        CHECK(predicate_type_matches(wanted, std::string(wanted) + actual));
    }
    for (const auto* const actual : {"s", "/", "/v", "/x", "/v2/x", "/v2.3-x"}) {
        CHECK_FALSE(predicate_type_matches(wanted, std::string(wanted) + actual));
    }
    CHECK_FALSE(predicate_type_matches("https://spdx.dev/Document/v2.3", wanted));
    CHECK_FALSE(predicate_type_matches("", ""));
}
