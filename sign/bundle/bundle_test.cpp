// SPDX-License-Identifier: Apache-2.0
#include "base/core/limits.hpp"
#include "base/core/text.hpp"
#include "base/crypto/hasher.hpp"
#include "sign/bundle/bundle.hpp"
#include "tests/support/catch.hpp"

using namespace bulla;
using namespace bulla::sign;

namespace {

const std::string kV3 = "application/vnd.dev.sigstore.bundle.v0.3+json";
const std::string kKey = R"("publicKey":{"hint":"h"})";
const std::string kMessage = R"("messageSignature":{"signature":"cw=="})";

std::string entry(std::string_view index, std::string_view evidence) {
    return R"({"logIndex":)" + std::string(index) +
           R"(,"logId":{"keyId":"AAEC"},"kindVersion":{"kind":"dsse","version":"0.0.1"},)"
           R"("integratedTime":"1700000000",)" +
           std::string(evidence) + R"("canonicalizedBody":")" +
           text::to_base64(R"({"apiVersion":"0.0.1","kind":"dsse"})") + "\"}";
}

const std::string kProof =
    R"("inclusionProof":{"logIndex":"7","rootHash":"AAEC","treeSize":"9","hashes":["AAEC","AwQF"],)"
    R"("checkpoint":{"envelope":"c"}},)";
const std::string kPromise = R"("inclusionPromise":{"signedEntryTimestamp":"AAEC"},)";

std::string bundle_text(const std::string& material,
                        const std::string& content = kMessage,
                        const std::string& media_type = kV3) {
    return R"({"mediaType":")" + media_type + R"(","verificationMaterial":{)" + material + "}," +
           content + "}";
}

std::string with_entries(const std::string& entries, const std::string& media_type = kV3) {
    return bundle_text(kKey + ",\"tlogEntries\":[" + entries + "]", kMessage, media_type);
}

std::string old_type(std::string_view version) {
    return "application/vnd.dev.sigstore.bundle+json;version=" + std::string(version);
}

ErrorCode refusal(const std::string& text) {
    return test::error_of(decode_bundle(text)).code;
}

} // namespace

TEST_CASE("bundle: a blob signature is written compactly in version 0.3", "[sign][bundle]") {
    Bundle bundle;
    bundle.material = KeyHint{"h"};
    bundle.content = MessageSignature{crypto::digest("abc"), "s"};
    CHECK(encode_bundle(bundle) ==
          R"({"mediaType":"application/vnd.dev.sigstore.bundle.v0.3+json","verificationMaterial":)"
          R"({"publicKey":{"hint":"h"}},"messageSignature":{"messageDigest":{"algorithm":)"
          R"("SHA2_256","digest":"ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0="},)"
          R"("signature":"cw=="}})");
}

TEST_CASE("bundle: everything that is read is written again", "[sign][bundle]") {
    const std::string text = encode_bundle(test::value_of(decode_bundle(bundle_text(
        kKey + ",\"tlogEntries\":[" + entry("\"7\"", kPromise + kProof) +
            R"(],"timestampVerificationData":{"rfc3161Timestamps":[{"signedTimestamp":"AAEC"}]})",
        R"("dsseEnvelope":{"payload":"cA==","payloadType":"t","signatures":[{"sig":"cw==",)"
        R"("keyid":"k"}]})"))));
    const Bundle bundle = test::value_of(decode_bundle(text));
    REQUIRE(bundle.log_entries.size() == 1);
    const LogEntry& log = bundle.log_entries.front();
    CHECK(log.log_index == 7);
    CHECK(log.log_id == std::string_view("\0\1\2", 3));
    CHECK(log.kind == "dsse");
    CHECK(log.version == "0.0.1");
    CHECK(log.integrated_time == 1700000000);
    CHECK(log.inclusion_promise.size() == 3);
    REQUIRE(log.inclusion_proof);
    CHECK(log.inclusion_proof->tree_size == 9);
    CHECK(log.inclusion_proof->hashes.size() == 2);
    CHECK(log.inclusion_proof->checkpoint == "c");
    CHECK(bundle.timestamps.size() == 1);
    CHECK(std::get<Envelope>(bundle.content).payload == "p");
    CHECK(std::get<Envelope>(bundle.content).key_id == "k");
    CHECK(encode_bundle(bundle) == text);
}

TEST_CASE("bundle: the rules of protobuf's JSON form are honoured", "[sign][bundle]") {
    const Bundle bundle = test::value_of(decode_bundle(
        R"({"media_type":")" + kV3 +
        R"(","verification_material":{"public_key":{},"certificate":null,"tlog_entries":[)" +
        entry("7", kProof) + R"(],"timestamp_verification_data":{"rfc3161_timestamps":null}},)" +
        R"("message_signature":{"message_digest":{"algorithm":1,"digest":")" +
        R"(ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0"},"signature":"cw"},"dsseEnvelope":null})"));
    CHECK(std::get<KeyHint>(bundle.material).hint.empty());
    CHECK(bundle.log_entries.front().log_index == 7);
    CHECK(std::get<MessageSignature>(bundle.content).digest == crypto::digest("abc"));
}

TEST_CASE("bundle: an empty messageDigest, as cosign writes for Ed25519, is none",
          "[sign][bundle]") {
    const Bundle bundle = test::value_of(decode_bundle(
        bundle_text(kKey, R"("messageSignature":{"messageDigest":{},"signature":"cw=="})")));
    CHECK_FALSE(std::get<MessageSignature>(bundle.content).digest);
}

TEST_CASE("bundle: versions 0.1 to 0.3 are read and no others", "[sign][bundle]") {
    for (const auto& type : {kV3, old_type("0.1"), old_type("0.2"), old_type("0.3")}) {
        CHECK(decode_bundle(bundle_text(kKey, kMessage, type)).has_value());
    }
    for (const auto& type : {std::string("application/vnd.dev.sigstore.bundle.v0.4+json"),
                             old_type("0.4"),
                             std::string("application/json"),
                             std::string()}) {
        CHECK(refusal(bundle_text(kKey, kMessage, type)) == ErrorCode::unsupported);
    }
}

TEST_CASE("bundle: two members of a oneof are refused, and none", "[sign][bundle]") {
    const std::string certificate = R"("certificate":{"rawBytes":"AAEC"})";
    const std::string dsse =
        R"("dsseEnvelope":{"payload":"","payloadType":"t","signatures":[{"sig":"cw=="}]})";
    CHECK(decode_bundle(bundle_text(certificate)).has_value());
    CHECK(decode_bundle(bundle_text(kKey, dsse)).has_value());
    CHECK(refusal(bundle_text(kKey + "," + certificate)) == ErrorCode::malformed);
    CHECK(refusal(bundle_text(R"("tlogEntries":[])")) == ErrorCode::malformed);
    CHECK(refusal(bundle_text(kKey, kMessage + "," + dsse)) == ErrorCode::malformed);
    CHECK(refusal(bundle_text(kKey, R"("messageSignature":null)")) == ErrorCode::malformed);
}

TEST_CASE("bundle: unknown, repeated and twice-spelt members are refused", "[sign][bundle]") {
    CHECK(refusal(bundle_text(kKey + R"(,"extra":1)")) == ErrorCode::malformed);
    CHECK(refusal(bundle_text(kKey + "," + kKey)) == ErrorCode::malformed);
    CHECK(refusal(bundle_text(kKey + R"(,"public_key":{"hint":"h"})")) == ErrorCode::malformed);
    CHECK(refusal(bundle_text(kKey) + " x") == ErrorCode::malformed);
    CHECK(refusal("[]") == ErrorCode::malformed);
}

TEST_CASE("bundle: exactly one DSSE signature is read", "[sign][bundle]") {
    const auto dsse = [](const std::string& signatures) {
        return R"("dsseEnvelope":{"payload":"","payloadType":"t","signatures":[)" + signatures +
               "]}";
    };
    const std::string one = R"({"sig":"cw=="})";
    CHECK(decode_bundle(bundle_text(kKey, dsse(one))).has_value());
    CHECK_FALSE(decode_bundle(bundle_text(kKey, dsse(one + "," + one))));
    CHECK(refusal(bundle_text(kKey, dsse(""))) == ErrorCode::malformed);
    CHECK(refusal(bundle_text(kKey, dsse(R"({"sig":""})"))) == ErrorCode::malformed);
}

TEST_CASE("bundle: version 0.1 needs a promise for each entry, later ones a proof",
          "[sign][bundle]") {
    CHECK(decode_bundle(with_entries(entry("7", kPromise), old_type("0.1"))).has_value());
    CHECK(refusal(with_entries(entry("7", kProof), old_type("0.1"))) == ErrorCode::malformed);
    CHECK(decode_bundle(with_entries(entry("7", kProof))).has_value());
    CHECK(refusal(with_entries(entry("7", kPromise))) == ErrorCode::malformed);
    std::string no_checkpoint = with_entries(entry("7", kProof));
    no_checkpoint.replace(no_checkpoint.find(R"("envelope":"c")"), 14, R"("envelope":"")");
    CHECK(refusal(no_checkpoint) == ErrorCode::malformed);
}

TEST_CASE("bundle: a log entry's body must be of the kind announced", "[sign][bundle]") {
    std::string text = with_entries(entry("7", kProof));
    text.replace(text.find(R"("kind":"dsse")"), 13, R"("kind":"DSSE")");
    CHECK(refusal(text) == ErrorCode::malformed);
}

TEST_CASE("bundle: one log entry given twice is refused, two of one log are not",
          "[sign][bundle]") {
    CHECK(decode_bundle(with_entries(entry("7", kProof) + "," + entry("8", kProof))).has_value());
    CHECK(refusal(with_entries(entry("7", kProof) + "," + entry("\"7\"", kProof))) ==
          ErrorCode::malformed);
}

TEST_CASE("bundle: negative and oversized log indexes are refused", "[sign][bundle]") {
    CHECK(refusal(with_entries(entry("-1", kProof))) == ErrorCode::malformed);
    CHECK(refusal(with_entries(entry("\"-1\"", kProof))) == ErrorCode::malformed);
    CHECK(refusal(with_entries(entry("\"9223372036854775808\"", kProof))) == ErrorCode::malformed);
    CHECK(refusal(with_entries(entry("1.5", kProof))) == ErrorCode::malformed);
}

TEST_CASE("bundle: more log entries or timestamps than the limits are refused", "[sign][bundle]") {
    std::string entries;
    std::string timestamps;
    for (std::size_t i = 0; i <= limits::kLogEntries; ++i) {
        const std::string comma = i == 0 ? "" : ",";
        entries += comma + entry(std::to_string(i), kProof);
        timestamps += comma + R"({"signedTimestamp":"AAEC"})";
    }
    CHECK(refusal(with_entries(entries)) == ErrorCode::limit_exceeded);
    CHECK(refusal(bundle_text(kKey + R"(,"timestampVerificationData":{"rfc3161Timestamps":[)" +
                              timestamps + "]}")) == ErrorCode::limit_exceeded);
}

TEST_CASE("bundle: a certificate chain is for versions below 0.3 and never empty",
          "[sign][bundle]") {
    const std::string chain = R"("x509CertificateChain":{"certificates":[{"rawBytes":"AAEC"}]})";
    CHECK(decode_bundle(bundle_text(chain, kMessage, old_type("0.2"))).has_value());
    CHECK(refusal(bundle_text(chain)) == ErrorCode::malformed);
    CHECK(refusal(bundle_text(R"("x509CertificateChain":{})", kMessage, old_type("0.2"))) ==
          ErrorCode::malformed);
}

TEST_CASE("bundle: base64 is strict and a digest has its algorithm's length", "[sign][bundle]") {
    CHECK(refusal(bundle_text(kKey, R"("messageSignature":{"signature":"c w="})")) ==
          ErrorCode::malformed);
    CHECK(refusal(bundle_text(kKey, R"("messageSignature":{"signature":"cx=="})")) ==
          ErrorCode::malformed);
    CHECK(refusal(bundle_text(kKey,
                              R"("messageSignature":{"messageDigest":{"algorithm":"SHA2_256",)"
                              R"("digest":"AAEC"},"signature":"cw=="})")) == ErrorCode::malformed);
    CHECK(refusal(bundle_text(kKey,
                              R"("messageSignature":{"messageDigest":{"algorithm":"SHA1",)"
                              R"("digest":"AAEC"},"signature":"cw=="})")) ==
          ErrorCode::unsupported);
}
