// SPDX-License-Identifier: Apache-2.0
#include "base/crypto/hasher.hpp"
#include "evidence/attestation_subject.hpp"
#include "evidence/evidence_store.hpp"
#include "evidence/legacy_manifest.hpp"
#include "evidence/verify_image.hpp"
#include "sign/bundle/bundle.hpp"
#include "sign/bundle/seal.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/memory_repository.hpp"
#include "tests/support/passing_repository.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <set>
#include <thread>

using namespace bulla;
using evidence::EvidenceStore;
using evidence::Wanted;
using test::Passing;

namespace {

std::unique_ptr<sign::Signer> new_signer() {
    return sign::make_signer(
        test::value_of(crypto::PrivateKey::generate(crypto::KeyKind::ecdsa_p256)));
}

Bytes signature_bundle(const Digest& image, const sign::Signer& signer) {
    const auto statement = sign::make_image_signature(image, {});
    return sign::encode_bundle(
        sign::make_bundle(test::value_of(sign::sign_statement(statement, signer)), signer));
}

Bytes attestation_bundle(const Digest& image, const std::string& type, const sign::Signer& signer) {
    const auto statement = sign::make_attestation("app", image, type, "{}");
    return sign::encode_bundle(
        sign::make_bundle(test::value_of(sign::sign_statement(statement, signer)), signer));
}

const std::string kSbomType = "https://cyclonedx.org/bom";

evidence::ImagePolicy policy_of(const sign::Signer& signer, Wanted wanted = Wanted::signatures) {
    evidence::ImagePolicy policy;
    policy.keys = {signer.public_key()};
    policy.wanted = wanted;
    policy.predicate_type = wanted == Wanted::attestations ? kSbomType : "";
    return policy;
}

Status
verify(oci::Repository& repository, const Digest& image, const evidence::ImagePolicy& policy) {
    EvidenceStore store(repository);
    const std::vector<evidence::Candidate> candidates{{image, evidence::Role::manifest}};
    BULLA_TRY_ASSIGN(const auto examined, evidence::verify_image(store, candidates, policy));
    return evidence::outcome(examined, policy.wanted, "app");
}

} // namespace

TEST_CASE("evidence: a stored bundle is found and verifies", "[evidence]") {
    test::MemoryRepository repository;
    const auto image = test::put_image(repository, "layer", "1");
    const auto signer = new_signer();
    EvidenceStore store(repository);
    test::value_of(store.store_bundle(image.descriptor,
                                      signature_bundle(image.descriptor.digest, *signer),
                                      sign::kImageSignatureType,
                                      {}));
    test::value_of(verify(repository, image.descriptor.digest, policy_of(*signer)));
}

TEST_CASE("evidence: a legacy signature and a legacy attestation are found and verify",
          "[evidence]") {
    test::MemoryRepository repository;
    const auto image = test::put_image(repository, "layer", "1");
    const auto signer = new_signer();
    EvidenceStore store(repository);
    const auto signature = test::value_of(
        sign::sign_legacy({"registry.example/app", image.descriptor.digest, {}}, *signer));
    test::value_of(store.append_signature(
        image.descriptor.digest, signature.payload, signature.signature_base64));
    const auto statement = sign::make_attestation("app", image.descriptor.digest, kSbomType, "{}");
    const auto envelope =
        sign::encode_envelope(test::value_of(sign::sign_statement(statement, *signer)));
    test::value_of(store.append_attestation(image.descriptor.digest, envelope, kSbomType));
    test::value_of(verify(repository, image.descriptor.digest, policy_of(*signer)));
    test::value_of(
        verify(repository, image.descriptor.digest, policy_of(*signer, Wanted::attestations)));
}

TEST_CASE("evidence: an image with nothing beside it is unsigned", "[evidence]") {
    test::MemoryRepository repository;
    const auto image = test::put_image(repository, "layer", "1");
    const auto error =
        test::error_of(verify(repository, image.descriptor.digest, policy_of(*new_signer())));
    CHECK(error.code == ErrorCode::no_signature);
}

TEST_CASE("evidence: a signature by another key is untrusted, not unsigned", "[evidence]") {
    test::MemoryRepository repository;
    const auto image = test::put_image(repository, "layer", "1");
    EvidenceStore store(repository);
    test::value_of(store.store_bundle(image.descriptor,
                                      signature_bundle(image.descriptor.digest, *new_signer()),
                                      sign::kImageSignatureType,
                                      {}));
    CHECK(test::error_of(verify(repository, image.descriptor.digest, policy_of(*new_signer())))
              .code == ErrorCode::untrusted);
}

TEST_CASE("evidence: an attestation alone leaves an image unsigned", "[evidence]") {
    test::MemoryRepository repository;
    const auto image = test::put_image(repository, "layer", "1");
    const auto signer = new_signer();
    EvidenceStore store(repository);
    test::value_of(
        store.store_bundle(image.descriptor,
                           attestation_bundle(image.descriptor.digest, kSbomType, *signer),
                           kSbomType,
                           {}));
    CHECK(test::error_of(verify(repository, image.descriptor.digest, policy_of(*signer))).code ==
          ErrorCode::no_signature);
}

TEST_CASE("evidence: an attestation of another type than asked for does not count", "[evidence]") {
    test::MemoryRepository repository;
    const auto image = test::put_image(repository, "layer", "1");
    const auto signer = new_signer();
    EvidenceStore store(repository);
    const std::string type = "https://slsa.dev/provenance/v1";
    test::value_of(store.store_bundle(
        image.descriptor, attestation_bundle(image.descriptor.digest, type, *signer), type, {}));
    CHECK(test::error_of(
              verify(repository, image.descriptor.digest, policy_of(*signer, Wanted::attestations)))
              .code == ErrorCode::no_signature);
}

TEST_CASE("evidence: a signature of another image stored beside this one is untrusted",
          "[evidence]") {
    test::MemoryRepository repository;
    const auto image = test::put_image(repository, "layer", "1");
    const auto other = test::put_image(repository, "other layer", "2");
    const auto signer = new_signer();
    EvidenceStore store(repository);
    test::value_of(store.store_bundle(image.descriptor,
                                      signature_bundle(other.descriptor.digest, *signer),
                                      sign::kImageSignatureType,
                                      {}));
    CHECK(test::error_of(verify(repository, image.descriptor.digest, policy_of(*signer))).code ==
          ErrorCode::untrusted);
}

TEST_CASE("evidence: a listing that cannot be had is an error and never an absence", "[evidence]") {
    class Throttled final : public Passing {
      public:
        using Passing::Passing;

        Result<std::vector<oci::Descriptor>> list_referrers(const Digest&,
                                                            std::string_view) override {
            return Error{ErrorCode::unavailable, "too many requests"};
        }
    };

    test::MemoryRepository repository;
    const auto image = test::put_image(repository, "layer", "1");
    Throttled throttled(repository);
    CHECK(
        test::error_of(verify(throttled, image.descriptor.digest, policy_of(*new_signer()))).code ==
        ErrorCode::unavailable);
}

TEST_CASE("evidence: a legacy tag that cannot be read is an error and never an absence",
          "[evidence]") {
    class Throttled final : public Passing {
      public:
        using Passing::Passing;

        Result<oci::StoredManifest> fetch_tag(std::string_view) override {
            return Error{ErrorCode::unavailable, "too many requests"};
        }
    };

    test::MemoryRepository repository;
    const auto image = test::put_image(repository, "layer", "1");
    Throttled throttled(repository);
    CHECK(
        test::error_of(verify(throttled, image.descriptor.digest, policy_of(*new_signer()))).code ==
        ErrorCode::unavailable);
}

TEST_CASE("evidence: a listed bundle that is not there is an error, since hiding it must not look "
          "like its absence",
          "[evidence]") {
    class Hiding final : public Passing {
      public:
        using Passing::Passing;

        Result<oci::StoredManifest> fetch_manifest(const Digest&) override {
            return Error{ErrorCode::not_found, "not here"};
        }
    };

    test::MemoryRepository repository;
    const auto image = test::put_image(repository, "layer", "1");
    const auto signer = new_signer();
    EvidenceStore store(repository);
    test::value_of(store.store_bundle(image.descriptor,
                                      signature_bundle(image.descriptor.digest, *signer),
                                      sign::kImageSignatureType,
                                      {}));
    Hiding hiding(repository);
    CHECK(test::error_of(verify(hiding, image.descriptor.digest, policy_of(*signer))).code ==
          ErrorCode::not_found);
}

TEST_CASE("evidence: evidence that is announced as another kind is not fetched", "[evidence]") {
    class Counting final : public Passing {
      public:
        using Passing::Passing;
        std::atomic<int> manifests = 0;
        std::atomic<int> blobs = 0;

        Result<oci::StoredManifest> fetch_manifest(const Digest& digest) override {
            ++manifests;
            return inner_.fetch_manifest(digest);
        }

        Result<std::unique_ptr<Reader>> open_blob(const oci::Descriptor& blob) override {
            ++blobs;
            return inner_.open_blob(blob);
        }
    };

    test::MemoryRepository repository;
    const auto image = test::put_image(repository, "layer", "1");
    const Digest& digest = image.descriptor.digest;
    const auto signer = new_signer();
    EvidenceStore store(repository);
    test::value_of(store.store_bundle(
        image.descriptor, signature_bundle(digest, *signer), sign::kImageSignatureType, {}));
    test::value_of(store.store_bundle(
        image.descriptor, attestation_bundle(digest, kSbomType, *signer), kSbomType, {}));
    test::value_of(store.append_attestation(digest, "{}", kSbomType));
    test::put_artifact(repository, image.descriptor, "application/vnd.example.chart", "chart");

    Counting counting(repository);
    EvidenceStore counted(counting);
    CHECK(test::value_of(counted.find(digest, Wanted::signatures)).size() == 1);
    CHECK(counting.manifests ==
          2); // a bundle's kind stands in its manifest; the chart is in the list
    CHECK(counting.blobs == 1);
    CHECK(test::value_of(counted.find(digest, Wanted::attestations, "a/b")).empty());
    CHECK(counting.blobs == 1);
    CHECK(test::value_of(counted.find(digest, Wanted::attestations, kSbomType)).size() == 2);
}

TEST_CASE("evidence: what is fetched side by side comes in the order of the digests, the first "
          "error too",
          "[evidence]") {
    /// Answers later for earlier digests, and refuses what it is told to.
    class Uneven final : public Passing {
      public:
        Uneven(oci::Repository& inner, std::vector<Digest> order)
            : Passing(inner), order_(std::move(order)) {}

        std::set<Digest> missing{};

        Result<oci::StoredManifest> fetch_manifest(const Digest& digest) override {
            const auto place = std::ranges::find(order_, digest) - order_.begin();
            std::this_thread::sleep_for(
                std::chrono::milliseconds(static_cast<std::ptrdiff_t>(order_.size()) - place));
            if (missing.contains(digest)) {
                return Error{ErrorCode::not_found, std::to_string(place)};
            }
            return inner_.fetch_manifest(digest);
        }

      private:
        std::vector<Digest> order_;
    };

    test::MemoryRepository repository;
    const auto image = test::put_image(repository, "layer", "1");
    const Digest& digest = image.descriptor.digest;
    EvidenceStore store(repository);
    std::vector<Digest> order;
    for (int i = 0; i < 12; ++i) {
        order.push_back(test::value_of(store.store_bundle(
            image.descriptor, std::to_string(i), sign::kImageSignatureType, {})));
    }
    std::ranges::sort(order);
    Uneven uneven(repository, order);
    EvidenceStore asked(uneven);
    std::vector<Digest> found;
    for (const auto& piece : test::value_of(asked.find(digest, Wanted::signatures))) {
        found.push_back(piece.manifest);
    }
    CHECK(found == order);
    uneven.missing = {order[3], order[5], order[9]};
    CHECK(test::error_of(asked.find(digest, Wanted::signatures)).message == "3");
}

TEST_CASE("evidence: a listed manifest that refers to another image is passed over", "[evidence]") {
    class Mixing final : public Passing {
      public:
        Mixing(oci::Repository& inner, Digest other) : Passing(inner), other_(std::move(other)) {}

        Result<std::vector<oci::Descriptor>> list_referrers(const Digest&,
                                                            std::string_view type) override {
            return inner_.list_referrers(other_, type);
        }

      private:
        Digest other_;
    };

    test::MemoryRepository repository;
    const auto image = test::put_image(repository, "layer", "1");
    const auto other = test::put_image(repository, "other layer", "2");
    const auto signer = new_signer();
    EvidenceStore store(repository);
    test::value_of(store.store_bundle(other.descriptor,
                                      signature_bundle(image.descriptor.digest, *signer),
                                      sign::kImageSignatureType,
                                      {}));
    Mixing mixing(repository, other.descriptor.digest);
    CHECK(test::error_of(verify(mixing, image.descriptor.digest, policy_of(*signer))).code ==
          ErrorCode::no_signature);
}

TEST_CASE("evidence: a bundle that does not appear in the listing after it was stored is an error",
          "[evidence]") {
    class Forgetful final : public Passing {
      public:
        using Passing::Passing;

        Result<std::vector<oci::Descriptor>> list_referrers(const Digest&,
                                                            std::string_view) override {
            return std::vector<oci::Descriptor>();
        }
    };

    test::MemoryRepository repository;
    const auto image = test::put_image(repository, "layer", "1");
    Forgetful forgetful(repository);
    EvidenceStore store(forgetful);
    const auto error =
        test::error_of(store.store_bundle(image.descriptor, "{}", sign::kImageSignatureType, {}));
    CHECK(error.code == ErrorCode::unavailable);
}

TEST_CASE(
    "evidence: a writer that loses a race for a legacy tag adds its layer to what the winner wrote",
    "[evidence]") {
    /// Puts another writer's manifest in place of ours once.
    class Racing final : public Passing {
      public:
        using Passing::Passing;

        Status put_manifest(const oci::StoredManifest& manifest, std::string_view tag) override {
            BULLA_TRY(inner_.put_manifest(manifest, tag));
            if (!tag.empty() && !raced_) {
                raced_ = true;
                oci::Manifest theirs = evidence::empty_legacy_manifest();
                BULLA_TRY_ASSIGN(
                    theirs.config,
                    put_bytes(inner_, std::string(oci::media_type::kConfig), "{\"theirs\":1}"));
                BULLA_TRY_ASSIGN(
                    auto layer,
                    put_bytes(inner_, std::string(evidence::kSimpleSigningType), "theirs"));
                theirs.layers.push_back(std::move(layer));
                const Bytes bytes = oci::encode(theirs);
                return inner_.put_manifest(
                    {oci::describe(std::string(oci::media_type::kManifest), bytes), bytes}, tag);
            }
            return ok();
        }

      private:
        bool raced_ = false;
    };

    test::MemoryRepository repository;
    const auto image = test::put_image(repository, "layer", "1");
    Racing racing(repository);
    EvidenceStore store(racing);
    test::value_of(store.append_signature(image.descriptor.digest, "ours", "c2ln"));
    const auto found = test::value_of(store.find(image.descriptor.digest, Wanted::signatures));
    REQUIRE(found.size() == 2);
    CHECK(found[0].claim.content == "theirs");
    CHECK(found[1].claim.content == "ours");
}

TEST_CASE("evidence: the same legacy layer is not added twice", "[evidence]") {
    test::MemoryRepository repository;
    const auto image = test::put_image(repository, "layer", "1");
    EvidenceStore store(repository);
    test::value_of(store.append_signature(image.descriptor.digest, "payload", "c2ln"));
    test::value_of(store.append_signature(image.descriptor.digest, "payload", "c2ln"));
    CHECK(test::value_of(store.find(image.descriptor.digest, Wanted::signatures)).size() == 1);
}

// The expected bytes are those of an image that cosign 3.1.3 signed.
TEST_CASE("evidence: the config beside legacy layers has cosign's bytes", "[evidence]") {
    const auto layer = test::value_of(
        Digest::parse("sha256:f854c1c1edc3a01c93a93ea086d70a07858aaa05d674a2d67fbd58f6edcca115"));
    const std::vector<oci::Descriptor> layers{
        {.media_type = std::string(evidence::kSimpleSigningType), .digest = layer, .size = 241}};
    CHECK(crypto::digest(evidence::encode_legacy_config(layers)).to_string() ==
          "sha256:30a928a61d77e905143f3fe72899553ef76aa1bdb8980800215adb920cd34c0c");
}

TEST_CASE("attestation subject: a predicate about one manifest of the index is about that manifest",
          "[evidence]") {
    test::MemoryRepository repository;
    const auto image = test::put_image(repository, "layer", "");
    const auto index = test::put_index(repository, {image.descriptor}, "1");
    const auto chosen =
        test::value_of(evidence::choose_subject(repository, index, image.descriptor.digest));
    CHECK(chosen.digest == image.descriptor.digest);
    CHECK(test::value_of(evidence::choose_subject(repository, index, std::nullopt)).digest ==
          index.descriptor.digest);
    CHECK(test::value_of(evidence::choose_subject(repository, index, index.descriptor.digest))
              .digest == index.descriptor.digest);
}

TEST_CASE("attestation subject: a config's digest names the image that has it", "[evidence]") {
    test::MemoryRepository repository;
    const auto image = test::put_image(repository, "layer", "1");
    const auto other = test::put_image(repository, "other layer", "2");
    const auto index = test::put_index(repository, {other.descriptor, image.descriptor}, "3");
    const auto manifest =
        test::value_of(oci::parse_manifest(image.bytes, image.descriptor.media_type));
    for (const auto& top : {image, index}) {
        CHECK(test::value_of(evidence::choose_subject(repository, top, manifest.config.digest))
                  .digest == image.descriptor.digest);
    }
    CHECK(
        test::error_of(evidence::choose_subject(repository, other, manifest.config.digest)).code ==
        ErrorCode::integrity);
}

TEST_CASE("attestation subject: a predicate about another image is refused", "[evidence]") {
    test::MemoryRepository repository;
    const auto image = test::put_image(repository, "layer", "1");
    const auto other = test::put_image(repository, "other layer", "2");
    const auto index = test::put_index(repository, {image.descriptor}, "3");
    CHECK(
        test::error_of(evidence::choose_subject(repository, image, other.descriptor.digest)).code ==
        ErrorCode::integrity);
    CHECK(
        test::error_of(evidence::choose_subject(repository, index, other.descriptor.digest)).code ==
        ErrorCode::integrity);
}

TEST_CASE("evidence: endless attachments that are no evidence are limit_exceeded",
          "[evidence][regression]") {
    /// Lists one artifact as often as it likes, under digests that all lead to it.
    class Endless final : public Passing {
      public:
        Endless(oci::Repository& inner, oci::StoredManifest artifact)
            : Passing(inner), artifact_(std::move(artifact)) {}

        Result<std::vector<oci::Descriptor>> list_referrers(const Digest&,
                                                            std::string_view) override {
            oci::Descriptor entry = artifact_.descriptor;
            entry.artifact_type = std::string(evidence::kBundleType);
            return std::vector<oci::Descriptor>(5000, entry);
        }

      private:
        oci::StoredManifest artifact_;
    };

    test::MemoryRepository repository;
    const auto image = test::put_image(repository, "layer", "1");
    const auto artifact =
        test::put_artifact(repository, image.descriptor, "application/vnd.example.note", "note");
    Endless endless(repository, artifact);
    CHECK(test::error_of(verify(endless, image.descriptor.digest, policy_of(*new_signer()))).code ==
          ErrorCode::limit_exceeded);
}

namespace {

/// What a registry answers about a repository that nobody has pushed to.
class NeverPushed final : public Passing {
  public:
    using Passing::Passing;

    Result<std::vector<oci::Descriptor>> list_referrers(const Digest&, std::string_view) override {
        return Error{code, "there is no such repository"};
    }

    ErrorCode code = ErrorCode::not_found;
};

} // namespace

TEST_CASE("evidence: it is found in a repository that does not have the image", "[evidence]") {
    test::MemoryRepository images;
    test::MemoryRepository elsewhere;
    const auto image = test::put_image(images, "layer", "1");
    const auto signer = new_signer();
    test::value_of(
        EvidenceStore(elsewhere).store_bundle(image.descriptor,
                                              signature_bundle(image.descriptor.digest, *signer),
                                              sign::kImageSignatureType,
                                              {}));
    test::value_of(verify(elsewhere, image.descriptor.digest, policy_of(*signer)));
    CHECK(test::error_of(verify(images, image.descriptor.digest, policy_of(*signer))).code ==
          ErrorCode::no_signature);
}

TEST_CASE("evidence: a repository that does not exist has none, an unreachable one might",
          "[evidence]") {
    test::MemoryRepository inner;
    const auto image = test::put_image(inner, "layer", "1");
    NeverPushed repository(inner);
    const auto signer = new_signer();
    CHECK(test::error_of(verify(repository, image.descriptor.digest, policy_of(*signer))).code ==
          ErrorCode::no_signature);
    repository.code = ErrorCode::unavailable;
    CHECK(test::error_of(verify(repository, image.descriptor.digest, policy_of(*signer))).code ==
          ErrorCode::unavailable);
}
