// SPDX-License-Identifier: Apache-2.0
// For every single-byte change of a bundle, of what is signed, or of the key: a refusal, or the
// same VerifiedStatement. What of the second kind there is may touch only what nobody signed, and
// is counted by the field it touches. The inputs were signed by cosign (testdata/sign/cosign).
#include "base/core/text.hpp"
#include "base/crypto/hasher.hpp"
#include "base/io/file.hpp"
#include "sign/bundle/bundle.hpp"
#include "sign/bundle/seal.hpp"
#include "sign/keys/key_file.hpp"
#include "sign/statement/envelope.hpp"
#include "sign/statement/simple_signing.hpp"
#include "sign/verify/verifier.hpp"
#include "tests/support/catch.hpp"

#include <map>
#include <set>

using namespace bulla;
using namespace bulla::sign;

namespace {

using Counts = std::map<std::string, std::size_t>;

Bytes testdata(const std::string& name) {
    return test::value_of(read_file(BULLA_TESTDATA "/sign/cosign/" + name, 64 * 1024));
}

/// For each byte of a JSON text, what it belongs to: the path of a value ("a.b", elements of a list
/// without a number), "name of a.b", "white space" or "structure".
class FieldMap {
  public:
    explicit FieldMap(std::string_view json) {
        for (std::size_t at = 0; at < json.size();) {
            const char c = json[at];
            if (c == '"') {
                at = add_string(json, at);
            } else if (c == '{' || c == '[') {
                stack_.push_back({c == '{', {}});
                value_follows_ = false;
                add("structure");
                ++at;
            } else if (c == '}' || c == ']') {
                stack_.pop_back();
                add("structure");
                ++at;
            } else if (c == ',' || c == ':') {
                value_follows_ = c == ':';
                add("structure");
                ++at;
            } else if (c == ' ' || c == '\n') {
                add("white space");
                ++at;
            } else {
                add(path()); // a number or a word
                ++at;
            }
        }
    }

    const std::string& at(std::size_t offset) const { return fields_.at(offset); }

  private:
    struct Level {
        bool object;
        std::string name;
    };

    std::size_t add_string(std::string_view json, std::size_t begin) {
        std::size_t end = begin + 1;
        while (json.at(end) != '"') {
            end += json[end] == '\\' ? 2U : 1U;
        }
        ++end;
        const bool is_name = !stack_.empty() && stack_.back().object && !value_follows_;
        if (is_name) {
            stack_.back().name = json.substr(begin + 1, end - begin - 2);
        }
        add((is_name ? "name of " : "") + path(), end - begin);
        value_follows_ = false;
        return end;
    }

    void add(const std::string& field, std::size_t count = 1) {
        fields_.insert(fields_.end(), count, field);
    }

    std::string path() const {
        std::string out;
        for (const auto& level : stack_) {
            out += level.object ? (out.empty() ? "" : ".") + level.name : "";
        }
        return out;
    }

    std::vector<std::string> fields_;
    std::vector<Level> stack_;
    bool value_follows_ = false;
};

/// Everything a decision can rest on.
std::string content_of(const VerifiedStatement& statement) {
    std::string out = std::string(to_string(statement.kind())) + "\n";
    for (const auto& digest : statement.subjects()) {
        out += digest.to_string() + "\n";
    }
    for (const auto& [name, value] : statement.annotations()) {
        out += name + "=" + value + "\n";
    }
    return out + statement.predicate_type() + "\n" + statement.predicate() + "\n" +
           statement.docker_reference() + "\n" + statement.key_hint() + "\n" +
           statement.algorithm();
}

/// Puts every other value into every byte of `bytes`, and counts the changes after which `verify`
/// still returns a statement, by what `field` says of the place. Such a statement must be the one
/// of the unchanged bytes.
template <class Verify, class Field> Counts survivors(Bytes bytes, Verify verify, Field field) {
    const ClaimReport original = verify(bytes);
    REQUIRE(original.statement.has_value());
    const std::string expected = content_of(*original.statement);
    Counts counts;
    for (std::size_t at = 0; at < bytes.size(); ++at) {
        const char before = bytes[at];
        for (int step = 1; step < 256; ++step) {
            bytes[at] = static_cast<char>(static_cast<unsigned char>(before) + step);
            const ClaimReport report = verify(bytes);
            if (report.statement) {
                ++counts[field(at)];
                if (content_of(*report.statement) != expected) {
                    FAIL("byte " << at << " changed to " << int{bytes[at]}
                                 << " gives another statement");
                }
            }
        }
        bytes[at] = before;
    }
    return counts;
}

std::set<std::string> names_of(const Counts& counts) {
    std::set<std::string> out;
    for (const auto& [field, count] : counts) {
        UNSCOPED_INFO(count << " changes of " << field << " make no difference");
        out.insert(field);
    }
    return out;
}

VerificationPolicy policy_for(const std::string& kind, ClaimKind claim) {
    VerificationPolicy policy;
    policy.kind = claim;
    policy.keys.push_back(test::value_of(parse_public_key(testdata(kind + ".pub"), "the key")));
    if (claim == ClaimKind::attestation) {
        policy.predicate_type = "https://cyclonedx.org/bom";
        policy.artifact.push_back(crypto::digest(testdata("artifact.txt")));
    }
    return policy;
}

/// The bundle with white space where JSON allows it, so that changes of that are seen as well.
Bytes with_white_space(const Bytes& json) {
    Bytes out;
    bool in_string = false;
    for (const char c : json) {
        in_string = in_string != (c == '"');
        out += c;
        if (!in_string && (c == ',' || c == ':' || c == '{' || c == '[')) {
            out += c == ':' ? " " : "\n  ";
        }
    }
    return out;
}

const std::set<std::string> kUnsigned{"verificationMaterial.publicKey.hint", "white space"};

} // namespace

TEST_CASE("changes: any byte of an attestation's bundle", "[sign][verify][property]") {
    const auto kind = GENERATE(as<std::string>(), "p256", "ed25519");
    const Bytes bundle = with_white_space(testdata(kind + ".attestation.sigstore.json"));
    const auto verifier = test::value_of(Verifier::make(policy_for(kind, ClaimKind::attestation)));
    const FieldMap fields(bundle);
    const auto counts = survivors(
        bundle,
        [&](const Bytes& changed) {
            return verifier.verify({ClaimForm::bundle, changed, {}, "test"});
        },
        [&](std::size_t at) { return fields.at(at); });
    CHECK(names_of(counts) == kUnsigned);
}

TEST_CASE("changes: any byte of a blob's bundle", "[sign][verify][property]") {
    const Bytes bundle = with_white_space(testdata("p256.blob.sigstore.json"));
    const Bytes artifact = testdata("artifact.txt");
    const auto verifier = test::value_of(Verifier::make(policy_for("p256", ClaimKind::blob)));
    const FieldMap fields(bundle);
    const auto counts = survivors(
        bundle,
        [&](const Bytes& changed) {
            return verifier.verify_blob({ClaimForm::bundle, changed, {}, "test"}, artifact);
        },
        [&](std::size_t at) { return fields.at(at); });
    CHECK(names_of(counts) == kUnsigned);
}

TEST_CASE("changes: any byte of a blob", "[sign][verify][property]") {
    const Bytes bundle = testdata("p256.blob.sigstore.json");
    const auto verifier = test::value_of(Verifier::make(policy_for("p256", ClaimKind::blob)));
    const auto counts = survivors(
        testdata("artifact.txt"),
        [&](const Bytes& changed) {
            return verifier.verify_blob({ClaimForm::bundle, bundle, {}, "test"}, changed);
        },
        [](std::size_t) { return std::string("the blob"); });
    CHECK(names_of(counts).empty());
}

TEST_CASE("changes: any byte of a key", "[sign][verify][property]") {
    const auto kind = GENERATE(as<std::string>(), "p256", "ed25519");
    const Claim claim{ClaimForm::bundle, testdata(kind + ".attestation.sigstore.json"), {}, "test"};
    const Bytes pem = testdata(kind + ".pub");
    const auto counts = survivors(
        pem,
        [&](const Bytes& changed) -> ClaimReport {
            auto key = parse_public_key(changed, "the key");
            if (!key) {
                return ClaimReport{};
            }
            auto policy = policy_for(kind, ClaimKind::attestation);
            policy.keys.assign(1, std::move(*key));
            return test::value_of(Verifier::make(std::move(policy))).verify(claim);
        },
        [&](std::size_t at) { return std::string(pem[at] == '\n' ? "line end" : "text"); });
    // A line may end in another white space.
    CHECK(names_of(counts) == std::set<std::string>{"line end"});
}

TEST_CASE("changes: any byte of an envelope, its key id included", "[sign][verify][property]") {
    const Bundle bundle = test::value_of(decode_bundle(testdata("p256.attestation.sigstore.json")));
    Bytes bytes = with_white_space(encode_envelope(std::get<Envelope>(bundle.content)));
    bytes.insert(bytes.find("\"sig\""), R"("keyid": "release", )");
    const auto verifier =
        test::value_of(Verifier::make(policy_for("p256", ClaimKind::attestation)));
    const FieldMap fields(bytes);
    const auto counts = survivors(
        bytes,
        [&](const Bytes& changed) {
            return verifier.verify({ClaimForm::legacy_attestation, changed, {}, "test"});
        },
        [&](std::size_t at) { return fields.at(at); });
    CHECK(names_of(counts) ==
          std::set<std::string>{// Members that nobody knows are ignored (DSSE v1, "Envelope").
                                "name of signatures.keyid",
                                "signatures.keyid",
                                "white space"});
}

TEST_CASE("changes: any byte of an older signature's payload, and of the signature",
          "[sign][verify][property]") {
    const auto signer =
        make_signer(test::value_of(crypto::PrivateKey::generate(crypto::KeyKind::ecdsa_p256)));
    const Digest image = crypto::digest("the image");
    const auto legacy = test::value_of(
        sign_legacy(SimpleSigning{"registry.example/app", image, {{"env", "prod"}}}, *signer));
    VerificationPolicy policy;
    policy.keys.push_back(signer->public_key());
    policy.artifact.push_back(image);
    const auto verifier = test::value_of(Verifier::make(policy));
    const auto verify = [&](const Bytes& payload, const std::string& signature) {
        return verifier.verify({ClaimForm::legacy_signature,
                                payload,
                                {{std::string(kSignatureAnnotation), signature}},
                                "test"});
    };
    const auto nowhere = [](std::size_t) { return std::string("signed bytes"); };
    CHECK(
        names_of(survivors(
                     legacy.payload,
                     [&](const Bytes& changed) { return verify(changed, legacy.signature_base64); },
                     nowhere))
            .empty());
    CHECK(names_of(survivors(
                       legacy.signature_base64,
                       [&](const Bytes& changed) { return verify(legacy.payload, changed); },
                       nowhere))
              .empty());
}
