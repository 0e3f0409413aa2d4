// SPDX-License-Identifier: Apache-2.0
#include "base/core/limits.hpp"
#include "base/core/text.hpp"
#include "base/crypto/hasher.hpp"
#include "base/io/file.hpp"
#include "sign/bundle/seal.hpp"
#include "sign/keys/key_providers.hpp"
#include "sign/verify/verifier.hpp"
#include "tests/support/catch.hpp"

#include <array>

using namespace bulla;
using namespace bulla::sign;
using crypto::KeyKind;
using crypto::PrivateKey;

namespace {

constexpr std::string_view kSbomType = "https://cyclonedx.org/bom";

/// One key that signs, and another that nobody trusts.
const Signer& signer() {
    static const auto it = make_signer(test::value_of(PrivateKey::generate(KeyKind::ecdsa_p256)));
    return *it;
}

const Signer& stranger() {
    static const auto it = make_signer(test::value_of(PrivateKey::generate(KeyKind::ecdsa_p256)));
    return *it;
}

Digest image() {
    return crypto::digest("the image");
}

VerificationPolicy image_policy() {
    VerificationPolicy policy;
    policy.keys.push_back(signer().public_key());
    policy.artifact.push_back(image());
    return policy;
}

VerificationPolicy attestation_policy() {
    VerificationPolicy policy = image_policy();
    policy.kind = ClaimKind::attestation;
    policy.predicate_type = kSbomType;
    return policy;
}

VerificationPolicy blob_policy() {
    VerificationPolicy policy;
    policy.keys.push_back(signer().public_key());
    policy.kind = ClaimKind::blob;
    return policy;
}

ClaimReport verify(const Claim& claim, VerificationPolicy policy) {
    return test::value_of(Verifier::make(std::move(policy))).verify(claim);
}

ClaimReport verify_blob(const Claim& claim, ByteView blob, VerificationPolicy policy) {
    return test::value_of(Verifier::make(std::move(policy))).verify_blob(claim, blob);
}

Claim bundle_claim(const Bundle& bundle) {
    return {ClaimForm::bundle, encode_bundle(bundle), {}, "test"};
}

Claim statement_claim(const Statement& statement, const Signer& by = signer()) {
    return bundle_claim(make_bundle(test::value_of(sign_statement(statement, by)), by));
}

Claim image_claim(const Signer& by = signer()) {
    return statement_claim(make_image_signature(image(), {{"env", "prod"}}), by);
}

Statement sbom_statement() {
    return make_attestation("app", image(), std::string(kSbomType), R"({"n":1.50})");
}

Claim legacy_claim(const SimpleSigning& payload, const Signer& by = signer()) {
    auto signature = test::value_of(sign_legacy(payload, by));
    return {ClaimForm::legacy_signature,
            std::move(signature.payload),
            {{std::string(kSignatureAnnotation), signature.signature_base64}},
            "test"};
}

Claim legacy_attestation(const Statement& statement) {
    return {ClaimForm::legacy_attestation,
            encode_envelope(test::value_of(sign_statement(statement, signer()))),
            {},
            "test"};
}

/// An envelope over any bytes, correctly signed.
Claim signed_bytes(Bytes payload, std::string payload_type = std::string(kInTotoPayloadType)) {
    const auto signature = test::value_of(signer().sign(pae(payload_type, payload)));
    return bundle_claim(make_bundle(
        Envelope{std::move(payload_type), std::move(payload), signature.bytes, ""}, signer()));
}

std::string testdata(const std::string& name) {
    return test::value_of(read_file(BULLA_TESTDATA "/sign/cosign/" + name, 64 * 1024));
}

} // namespace

TEST_CASE("verifier: an image signature in a bundle verifies", "[sign][verify]") {
    VerificationPolicy policy = image_policy();
    policy.annotations = {{"env", "prod"}};
    const ClaimReport report = verify(image_claim(), policy);
    REQUIRE(report.verdict == Verdict::verified);
    CHECK(report.statement->kind() == ClaimKind::image_signature);
    CHECK(report.statement->subjects() == std::vector{image()});
    CHECK(report.statement->predicate_type() == kImageSignatureType);
    CHECK(report.statement->annotations().at("env") == "prod");
    CHECK(report.statement->key_hint() == signer().public_key().hint());
    CHECK(report.statement->algorithm() == "ecdsa-sha256");
    CHECK(report.log == Check::absent);
    CHECK(report.timestamp == Check::absent);
}

TEST_CASE("verifier: an attestation verifies in both forms and gives the predicate as signed",
          "[sign][verify]") {
    for (const Claim& claim :
         {statement_claim(sbom_statement()), legacy_attestation(sbom_statement())}) {
        const ClaimReport report = verify(claim, attestation_policy());
        REQUIRE(report.verdict == Verdict::verified);
        CHECK(report.statement->kind() == ClaimKind::attestation);
        CHECK(report.statement->predicate() == R"({"n":1.50})");
    }
}

TEST_CASE("verifier: cosign's legacy image signature verifies", "[sign][verify]") {
    // Made by cosign 3.1.3; the payload has no final newline.
    const Claim claim{
        ClaimForm::legacy_signature,
        R"({"critical":{"identity":{"docker-reference":"registry.example/demo/app"},"image":)"
        R"({"docker-manifest-digest":"sha256:1ae35d77132ded12d97e4a4d3462add89fb5544c6d738808027aa0)"
        R"(34e3af846c"},"type":"cosign container image signature"},"optional":null})",
        {{std::string(kSignatureAnnotation),
          "MEYCIQCXC4NGrd906vYOrozNK7Ryh2B/uqWHqi2jrbUKAujD+AIhAM/R28E529yNrom08Ip3KteHvyV0RFX37iB3"
          "gFYNdKpZ"}},
        "test"};
    VerificationPolicy policy;
    policy.keys.push_back(test::value_of(
        parse_public_key("-----BEGIN PUBLIC KEY-----\n"
                         "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEXE/To/tkvBB2R7XzXD6P8CjfuEp5\n"
                         "r95csRBlWc74UqQuoDoiImSyKj5FAiWHvgz1opniRFyIFrgGrJR2wWcmqg==\n"
                         "-----END PUBLIC KEY-----\n",
                         "test")));
    policy.artifact.push_back(test::value_of(
        Digest::parse("sha256:1ae35d77132ded12d97e4a4d3462add89fb5544c6d738808027aa034e3af846c")));
    const ClaimReport report = verify(claim, policy);
    REQUIRE(report.verdict == Verdict::verified);
    CHECK(report.statement->docker_reference() == "registry.example/demo/app");
}

TEST_CASE("verifier: cosign's blob signatures and attestations verify for every kind of key",
          "[sign][verify]") {
    const std::string artifact = testdata("artifact.txt");
    for (const std::string kind : {"p256", "p384", "p521", "ed25519", "rsa"}) {
        INFO(kind);
        VerificationPolicy policy;
        policy.kind = ClaimKind::blob;
        policy.keys.push_back(test::value_of(parse_public_key(testdata(kind + ".pub"), kind)));
        const Claim blob{ClaimForm::bundle, testdata(kind + ".blob.sigstore.json"), {}, kind};
        CHECK(verify_blob(blob, artifact, policy).text.starts_with("verified"));
        const Claim statement{
            ClaimForm::bundle, testdata(kind + ".attestation.sigstore.json"), {}, kind};
        policy.predicate_type = kSbomType;
        CHECK(verify_blob(statement, artifact, policy).text.starts_with("verified"));
        CHECK(verify_blob(blob, artifact, policy).verdict == Verdict::wrong_content);
    }
}

TEST_CASE("verifier: Ed25519ph as cosign writes it is read", "[sign][verify]") {
    VerificationPolicy policy;
    policy.kind = ClaimKind::blob;
    policy.keys.push_back(test::value_of(parse_public_key(testdata("ed25519.pub"), "test")));
    policy.predicate_type = kSbomType;
    const Claim claim{ClaimForm::bundle, testdata("ed25519.attestation.sigstore.json"), {}, ""};
    const ClaimReport report = verify_blob(claim, testdata("artifact.txt"), policy);
    REQUIRE(report.verdict == Verdict::verified);
    CHECK(report.statement->algorithm() == "ed25519ph");
}

TEST_CASE("verifier: what we sign verifies for every kind of key", "[sign][verify]") {
    for (const KeyKind kind : {KeyKind::ecdsa_p256,
                               KeyKind::ecdsa_p384,
                               KeyKind::ecdsa_p521,
                               KeyKind::ed25519,
                               KeyKind::rsa}) {
        const auto by = make_signer(test::value_of(PrivateKey::generate(kind, 2048)));
        VerificationPolicy policy = image_policy();
        policy.keys = {by->public_key()};
        CHECK(verify(image_claim(*by), policy).verdict == Verdict::verified);
    }
}

TEST_CASE("verifier: any one of several keys is enough, whatever the hint says", "[sign][verify]") {
    VerificationPolicy policy = image_policy();
    policy.keys = {stranger().public_key(), signer().public_key()};
    CHECK(verify(image_claim(), policy).verdict == Verdict::verified);
    Bundle bundle = test::value_of(decode_bundle(image_claim().content));
    for (const std::string& hint : {std::string(), std::string("?"), policy.keys[0].hint()}) {
        bundle.material = KeyHint{hint};
        CHECK(verify(bundle_claim(bundle), policy).verdict == Verdict::verified);
    }
}

TEST_CASE("verifier: a signature by another key is refused", "[sign][verify]") {
    const ClaimReport report = verify(image_claim(stranger()), image_policy());
    CHECK(report.verdict == Verdict::no_key_match);
    CHECK(report.text.find(stranger().public_key().hint()) != std::string::npos);
    CHECK_FALSE(report.statement);
    CHECK(verify(legacy_claim({"r", image(), {}}, stranger()), image_policy()).verdict ==
          Verdict::bad_signature);
}

TEST_CASE("verifier: a swapped payload is refused", "[sign][verify]") {
    Bundle bundle = test::value_of(decode_bundle(image_claim().content));
    auto& envelope = std::get<Envelope>(bundle.content);
    envelope.payload.replace(envelope.payload.find("prod"), 4, "test");
    CHECK(verify(bundle_claim(bundle), image_policy()).verdict == Verdict::bad_signature);
    Claim legacy = legacy_claim({"r", image(), {}});
    legacy.content += ' ';
    CHECK(verify(legacy, image_policy()).verdict == Verdict::bad_signature);
    Claim attestation = legacy_attestation(sbom_statement());
    attestation.content =
        encode_envelope({"application/vnd.in-toto+json", "{}", "not a signature", ""});
    CHECK(verify(attestation, attestation_policy()).verdict == Verdict::bad_signature);
}

TEST_CASE("verifier: the payload type is part of what is signed", "[sign][verify]") {
    Bundle bundle = test::value_of(decode_bundle(
        signed_bytes(test::value_of(encode_statement(sbom_statement())), "text/plain").content));
    std::get<Envelope>(bundle.content).payload_type = kInTotoPayloadType;
    CHECK(verify(bundle_claim(bundle), attestation_policy()).verdict == Verdict::bad_signature);
}

TEST_CASE("verifier: a signature about another artifact is refused", "[sign][verify]") {
    const Digest other = crypto::digest("another image");
    CHECK(verify(statement_claim(make_image_signature(other, {})), image_policy()).verdict ==
          Verdict::wrong_digest);
    CHECK(verify(legacy_claim({"r", other, {}}), image_policy()).verdict == Verdict::wrong_digest);
    Statement statement = sbom_statement();
    statement.subjects[0].digests[0].value = other.hex();
    CHECK(verify(statement_claim(statement), attestation_policy()).verdict ==
          Verdict::wrong_digest);
    CHECK(verify(legacy_attestation(statement), attestation_policy()).verdict ==
          Verdict::wrong_digest);
}

TEST_CASE("verifier: a digest is compared under its own algorithm only", "[sign][verify]") {
    Statement statement = sbom_statement();
    statement.subjects[0].digests[0].algorithm = "sha3-256";
    CHECK(verify(statement_claim(statement), attestation_policy()).verdict ==
          Verdict::wrong_digest);
}

TEST_CASE("verifier: one subject must not contradict any digest that is known", "[sign][verify]") {
    VerificationPolicy policy = attestation_policy();
    policy.artifact.push_back(crypto::digest("the image", HashAlgorithm::sha512));
    Statement statement = sbom_statement();
    statement.subjects[0].digests.push_back({"sha512", policy.artifact[1].hex()});
    statement.subjects[0].digests.push_back({"gitCommit", "aa"});
    CHECK(verify(statement_claim(statement), policy).verdict == Verdict::verified);
    statement.subjects[0].digests[1].value = std::string(128, 'a');
    CHECK(verify(statement_claim(statement), policy).verdict == Verdict::wrong_digest);
}

TEST_CASE("verifier: any subject with the digest is enough", "[sign][verify]") {
    Statement statement = sbom_statement();
    Subject other = statement.subjects[0];
    other.digests[0].value = std::string(64, 'a');
    statement.subjects.insert(statement.subjects.begin(), other);
    CHECK(verify(statement_claim(statement), attestation_policy()).verdict == Verdict::verified);
}

TEST_CASE("verifier: an attestation is never an image signature", "[sign][verify]") {
    CHECK(verify(statement_claim(sbom_statement()), image_policy()).verdict ==
          Verdict::wrong_predicate_type);
    CHECK(verify(legacy_attestation(sbom_statement()), image_policy()).verdict ==
          Verdict::wrong_content);
    // Not even one that claims to be: the type has no versions.
    Statement statement = make_image_signature(image(), {});
    statement.predicate_type += "/v2";
    CHECK(verify(statement_claim(statement), image_policy()).verdict ==
          Verdict::wrong_predicate_type);
}

TEST_CASE("verifier: an image signature is never an attestation", "[sign][verify]") {
    CHECK(verify(image_claim(), attestation_policy()).verdict == Verdict::wrong_predicate_type);
    CHECK(verify(legacy_claim({"r", image(), {}}), attestation_policy()).verdict ==
          Verdict::wrong_content);
}

TEST_CASE("verifier: another predicate type is refused, a version of it is not", "[sign][verify]") {
    Statement statement = sbom_statement();
    statement.predicate_type = "https://cyclonedx.org/bom/v1.6";
    CHECK(verify(statement_claim(statement), attestation_policy()).verdict == Verdict::verified);
    statement.predicate_type = "https://spdx.dev/Document";
    CHECK(verify(statement_claim(statement), attestation_policy()).verdict ==
          Verdict::wrong_predicate_type);
}

TEST_CASE("verifier: a signed payload of another type is refused", "[sign][verify]") {
    const Bytes statement = test::value_of(encode_statement(sbom_statement()));
    CHECK(verify(signed_bytes(statement, "application/json"), attestation_policy()).verdict ==
          Verdict::wrong_payload_type);
}

TEST_CASE("verifier: a signed payload that is no statement is refused", "[sign][verify]") {
    for (const Bytes payload : {"", "{}", "\xff", "{} {}"}) {
        CHECK(verify(signed_bytes(payload), attestation_policy()).verdict == Verdict::malformed);
    }
}

TEST_CASE("verifier: a signed legacy payload without the type is refused", "[sign][verify]") {
    const std::string payload = R"({"critical":{"identity":{"docker-reference":"r"},"image":)"
                                R"({"docker-manifest-digest":")" +
                                image().to_string() + R"("}},"optional":null})";
    const Claim claim{ClaimForm::legacy_signature,
                      payload,
                      {{std::string(kSignatureAnnotation),
                        text::to_base64(test::value_of(signer().sign(payload)).bytes)}},
                      "test"};
    CHECK(verify(claim, image_policy()).verdict == Verdict::malformed);
}

TEST_CASE("verifier: a legacy signature that is missing or not strict base64 is refused",
          "[sign][verify]") {
    const Claim good = legacy_claim({"r", image(), {}});
    REQUIRE(verify(good, image_policy()).verdict == Verdict::verified);
    const std::string name(kSignatureAnnotation);
    Claim claim = good;
    claim.annotations.erase(name);
    CHECK(verify(claim, image_policy()).verdict == Verdict::malformed);
    claim.annotations[name] = "";
    CHECK(verify(claim, image_policy()).verdict == Verdict::malformed);
    claim.annotations[name] = good.annotations.at(name) + "\n";
    CHECK(verify(claim, image_policy()).verdict == Verdict::malformed);
}

TEST_CASE("verifier: required annotations must be among the signed ones", "[sign][verify]") {
    const Claim legacy = legacy_claim({"r", image(), {{"env", "prod"}}});
    for (const Claim& claim : {image_claim(), legacy}) {
        for (const auto& [name, value, verdict] :
             {std::tuple{"env", "prod", Verdict::verified},
              std::tuple{"env", "test", Verdict::annotation_mismatch},
              std::tuple{"team", "prod", Verdict::annotation_mismatch}}) {
            VerificationPolicy policy = image_policy();
            policy.annotations = {{name, value}};
            CHECK(verify(claim, policy).verdict == verdict);
        }
    }
}

TEST_CASE("verifier: unsigned layer annotations do not count as annotations", "[sign][verify]") {
    Claim claim = legacy_claim({"r", image(), {}});
    claim.annotations["env"] = "prod";
    VerificationPolicy policy = image_policy();
    policy.annotations = {{"env", "prod"}};
    CHECK(verify(claim, policy).verdict == Verdict::annotation_mismatch);
}

TEST_CASE("verifier: annotations of another subject do not count", "[sign][verify]") {
    Statement statement = make_image_signature(image(), {});
    Subject other = statement.subjects[0];
    other.digests[0].value = std::string(64, 'a');
    other.annotations = {{"env", "prod"}};
    statement.subjects.push_back(other);
    VerificationPolicy policy = image_policy();
    policy.annotations = {{"env", "prod"}};
    CHECK(verify(statement_claim(statement), policy).verdict == Verdict::annotation_mismatch);
}

TEST_CASE("verifier: a bundle with a certificate does not verify under a key", "[sign][verify]") {
    Bundle bundle = test::value_of(decode_bundle(image_claim().content));
    bundle.material = CertificateChain{{"DER"}};
    const ClaimReport report = verify(bundle_claim(bundle), image_policy());
    CHECK(report.verdict == Verdict::certificate_not_supported);
    CHECK(report.text.find("certificate") != std::string::npos);
}

TEST_CASE("verifier: a legacy signature with a certificate is named as such if no key confirms it",
          "[sign][verify]") {
    Claim claim = legacy_claim({"r", image(), {}}, stranger());
    claim.annotations[std::string(kCertificateAnnotation)] = "-----BEGIN CERTIFICATE-----";
    CHECK(verify(claim, image_policy()).verdict == Verdict::certificate_not_supported);
}

TEST_CASE("verifier: log entries and timestamps are reported as not checked", "[sign][verify]") {
    Bundle bundle = test::value_of(decode_bundle(image_claim().content));
    LogEntry entry;
    entry.log_id = "log";
    entry.kind = "dsse";
    entry.version = "0.0.1";
    entry.body = R"({"apiVersion":"0.0.1","kind":"dsse"})";
    entry.inclusion_proof = InclusionProof{0, 1, "root", {}, "checkpoint"};
    bundle.log_entries.push_back(entry);
    bundle.timestamps.push_back("DER");
    ClaimReport report = verify(bundle_claim(bundle), image_policy());
    CHECK(report.verdict == Verdict::verified);
    CHECK(to_string(report.log) == "not checked");
    CHECK(to_string(report.timestamp) == "not checked");
    Claim legacy = legacy_claim({"r", image(), {}});
    legacy.annotations[std::string(kLogAnnotation)] = "{}";
    report = verify(legacy, image_policy());
    CHECK(to_string(report.log) == "not checked");
    CHECK(to_string(report.timestamp) == "absent");
}

TEST_CASE("verifier: a blob verifies by signature and by statement", "[sign][verify]") {
    const std::string blob = "some bytes";
    const Claim signature = bundle_claim(test::value_of(sign_blob(blob, signer())));
    const ClaimReport report = verify_blob(signature, blob, blob_policy());
    REQUIRE(report.verdict == Verdict::verified);
    CHECK(report.statement->subjects() == std::vector{crypto::digest(blob)});
    const Claim statement =
        statement_claim(make_attestation("f", crypto::digest(blob), "https://x/y", "{}"));
    VerificationPolicy policy = blob_policy();
    policy.predicate_type = "https://x/y";
    CHECK(verify_blob(statement, blob, policy).verdict == Verdict::verified);
    CHECK(verify_blob(statement, "other", policy).verdict == Verdict::wrong_digest);
    CHECK(verify_blob(signature, "other", blob_policy()).verdict == Verdict::wrong_digest);
}

TEST_CASE("verifier: an attestation counts for a blob only under the type that was asked for",
          "[sign][verify][regression]") {
    const std::string blob = "some bytes";
    const Claim statement = statement_claim(
        make_attestation("f", crypto::digest(blob), "https://example.com/is-vulnerable", "{}"));
    CHECK(verify_blob(statement, blob, blob_policy()).verdict == Verdict::wrong_predicate_type);
}

TEST_CASE("verifier: a blob's digest in the bundle is compared and never trusted",
          "[sign][verify]") {
    Bundle bundle = test::value_of(sign_blob("some bytes", signer()));
    auto& content = std::get<MessageSignature>(bundle.content);
    content.digest.reset();
    CHECK(verify_blob(bundle_claim(bundle), "some bytes", blob_policy()).verdict ==
          Verdict::verified);
    CHECK(verify_blob(bundle_claim(bundle), "other", blob_policy()).verdict ==
          Verdict::bad_signature);
    content.digest = crypto::digest("other");
    CHECK(verify_blob(bundle_claim(bundle), "other", blob_policy()).verdict ==
          Verdict::bad_signature);
    CHECK(verify_blob(bundle_claim(bundle), "some bytes", blob_policy()).verdict ==
          Verdict::wrong_digest);
}

TEST_CASE("verifier: a blob that is not the one the policy names is refused", "[sign][verify]") {
    VerificationPolicy policy = blob_policy();
    policy.artifact.push_back(crypto::digest("other", HashAlgorithm::sha512));
    const Claim claim = bundle_claim(test::value_of(sign_blob("some bytes", signer())));
    CHECK(verify_blob(claim, "some bytes", policy).verdict == Verdict::wrong_digest);
}

TEST_CASE("verifier: a blob signature needs the blob, a missing one is not an empty one",
          "[sign][verify]") {
    const Claim claim = bundle_claim(test::value_of(sign_blob("", signer())));
    CHECK(verify_blob(claim, "", blob_policy()).verdict == Verdict::verified);
    CHECK(verify(claim, blob_policy()).verdict == Verdict::wrong_content);
}

TEST_CASE("verifier: a plain blob signature has no annotations to require", "[sign][verify]") {
    const Claim claim = bundle_claim(test::value_of(sign_blob("some bytes", signer())));
    VerificationPolicy policy = blob_policy();
    policy.annotations = {{"env", "prod"}};
    CHECK(verify_blob(claim, "some bytes", policy).verdict == Verdict::wrong_content);
}

TEST_CASE("verifier: a blob signature says nothing about an image", "[sign][verify]") {
    const Claim claim = bundle_claim(test::value_of(sign_blob("the image", signer())));
    CHECK(verify(claim, image_policy()).verdict == Verdict::wrong_content);
    CHECK(verify(claim, attestation_policy()).verdict == Verdict::wrong_content);
}

TEST_CASE("verifier: bytes that are no bundle or envelope are malformed", "[sign][verify]") {
    for (const Bytes content : {"", "{}", "[]", "\xff"}) {
        CHECK(verify({ClaimForm::bundle, content, {}, ""}, image_policy()).verdict ==
              Verdict::malformed);
        CHECK(verify({ClaimForm::legacy_attestation, content, {}, ""}, attestation_policy())
                  .verdict == Verdict::malformed);
    }
}

TEST_CASE("verifier: every single-byte change of a bundle is refused or changes nothing",
          "[sign][verify][property]") {
    const Claim good = image_claim();
    const auto verifier = test::value_of(Verifier::make(image_policy()));
    const Bytes predicate = verifier.verify(good).statement->predicate();
    std::size_t harmless = 0;
    for (std::size_t i = 0; i < good.content.size(); ++i) {
        Claim changed = good;
        changed.content[i] = static_cast<char>(changed.content[i] ^ 1);
        const ClaimReport report = verifier.verify(changed);
        if (report.statement) {
            ++harmless;
            CHECK(report.statement->subjects() == std::vector{image()});
            CHECK(report.statement->annotations() == Annotations{{"env", "prod"}});
            CHECK(report.statement->predicate() == predicate);
        }
    }
    // The characters of the hint, which is unsigned and decides nothing.
    CHECK(harmless <= 44);
}

TEST_CASE("verifier: a policy that could not refuse is not taken", "[sign][verify]") {
    const auto refusal = [](VerificationPolicy policy) {
        return test::error_of(Verifier::make(std::move(policy))).code;
    };
    VerificationPolicy policy = image_policy();
    policy.keys.clear();
    CHECK(refusal(policy) == ErrorCode::configuration);
    policy = image_policy();
    policy.artifact.clear();
    CHECK(refusal(policy) == ErrorCode::configuration);
    policy = attestation_policy();
    policy.predicate_type.clear();
    CHECK(refusal(policy) == ErrorCode::configuration);
}

TEST_CASE("report: one verified claim is enough, and each keeps its verdict", "[sign][verify]") {
    const auto verifier = test::value_of(Verifier::make(image_policy()));
    const std::array claims{
        image_claim(stranger()), image_claim(), statement_claim(sbom_statement())};
    const auto report = test::value_of(verifier.examine(claims));
    CHECK(report.claims[0].verdict == Verdict::no_key_match);
    CHECK(report.claims[1].verdict == Verdict::verified);
    CHECK(report.claims[2].verdict == Verdict::wrong_predicate_type);
    CHECK(report.outcome().has_value());
    CHECK(report.verified() == &*report.claims[1].statement);
}

TEST_CASE("report: nothing found and nothing of the kind are unsigned, a failed one is untrusted",
          "[sign][verify]") {
    const auto verifier = test::value_of(Verifier::make(image_policy()));
    const auto outcome = [&](std::vector<Claim> claims) {
        return test::error_of(test::value_of(verifier.examine(claims)).outcome()).code;
    };
    CHECK(outcome({}) == ErrorCode::no_signature);
    CHECK(outcome({statement_claim(sbom_statement())}) == ErrorCode::no_signature);
    CHECK(outcome({image_claim(stranger())}) == ErrorCode::untrusted);
    CHECK(outcome({statement_claim(sbom_statement()), image_claim(stranger())}) ==
          ErrorCode::untrusted);
}

TEST_CASE("verifier: more claims than the limit are refused before any is read", "[sign][verify]") {
    const auto verifier = test::value_of(Verifier::make(image_policy()));
    const std::vector<Claim> claims(limits::kAttachments + 1);
    CHECK(test::error_of(verifier.examine(claims)).code == ErrorCode::limit_exceeded);
}
