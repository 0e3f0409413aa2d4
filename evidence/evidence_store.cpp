// SPDX-License-Identifier: Apache-2.0
#include "evidence/evidence_store.hpp"

#include "base/core/text.hpp"
#include "evidence/find_evidence.hpp"
#include "evidence/legacy_manifest.hpp"
#include "oci/store/put_referrer.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace bulla::evidence {

namespace {

/// What a signature is in: most keys sign with a random number in each.
constexpr auto kNew = oci::PendingBlob::Expected::new_content;
/// The payload of a legacy signature, which is the same for all signers of an image.
constexpr auto kPerhapsThere = oci::PendingBlob::Expected::perhaps_there;

/// True if a layer like this one is in the manifest.
bool holds(const oci::Manifest& manifest, const oci::Descriptor& layer) {
    return std::ranges::any_of(manifest.layers, [&](const oci::Descriptor& other) {
        return other.digest == layer.digest && other.annotations == layer.annotations;
    });
}

/// Adds a layer, whose bytes are `content`, to a legacy tag.
Result<Digest> append(oci::Repository& repository,
                      const std::string& tag,
                      const oci::Descriptor& layer,
                      ByteView content,
                      oci::PendingBlob::Expected expected) {
    Bytes config; // lives as long as update_tag may need it
    const auto add =
        [&](const oci::StoredManifest* current) -> Result<std::optional<oci::TagContent>> {
        oci::Manifest manifest = empty_legacy_manifest();
        if (current != nullptr) {
            BULLA_TRY_ASSIGN(manifest,
                             oci::parse_manifest(current->bytes, current->descriptor.media_type));
        }
        if (holds(manifest, layer)) {
            return std::optional<oci::TagContent>();
        }
        manifest.layers.push_back(layer);
        config = encode_legacy_config(manifest.layers);
        manifest.config = oci::describe(std::string(oci::media_type::kConfig), config);
        Bytes bytes = oci::encode(manifest);
        auto descriptor = oci::describe(std::string(oci::media_type::kManifest), bytes);
        // The next time this is asked, the content has been stored.
        const auto now = std::exchange(expected, kPerhapsThere);
        return std::optional(
            oci::TagContent{{std::move(descriptor), std::move(bytes)},
                            {{layer, content, now}, {manifest.config, config, kNew}}});
    };
    BULLA_TRY_ASSIGN(const auto stored, repository.update_tag(tag, add));
    return stored.descriptor.digest;
}

} // namespace

std::string_view to_string(Carrier carrier) {
    switch (carrier) {
    case Carrier::referrer:
        return "referrer";
    case Carrier::signature_tag:
        return "signature-tag";
    case Carrier::attestation_tag:
        return "attestation-tag";
    }
    return "referrer";
}

std::string legacy_tag(const Digest& subject, Carrier carrier) {
    return std::string(to_string(subject.algorithm())) + "-" + subject.hex() +
           (carrier == Carrier::attestation_tag ? ".att" : ".sig");
}

Result<std::vector<Found>>
EvidenceStore::find(const Digest& subject, Wanted wanted, std::string_view predicate_type) {
    return find_evidence(repository_, subject, wanted, predicate_type);
}

Result<Digest> EvidenceStore::store_bundle(const oci::Descriptor& subject,
                                           ByteView bundle,
                                           std::string_view predicate_type,
                                           std::optional<Time> created) {
    oci::Manifest manifest{
        .media_type = std::string(oci::media_type::kManifest),
        .artifact_type = std::string(kBundleType),
        .config = oci::describe(std::string(oci::media_type::kEmpty), oci::kEmptyConfig),
        .subject = oci::Descriptor{subject.media_type, subject.digest, subject.size}};
    manifest.annotations["dev.sigstore.bundle.content"] = "dsse-envelope";
    manifest.annotations[std::string(kBundlePredicateAnnotation)] = std::string(predicate_type);
    if (created) {
        manifest.annotations["org.opencontainers.image.created"] = to_rfc3339(*created);
    }
    manifest.layers.push_back(oci::describe(std::string(kBundleType), bundle));
    const std::array blobs{oci::PendingBlob{manifest.layers[0], bundle, kNew},
                           oci::PendingBlob{manifest.config, oci::kEmptyConfig}};
    BULLA_TRY(put_blobs(repository_, blobs));
    const Bytes bytes = oci::encode(manifest);
    const oci::StoredManifest stored{oci::describe(std::string(oci::media_type::kManifest), bytes),
                                     bytes};
    BULLA_TRY(oci::put_referrer(repository_, stored, subject.digest, "signature"));
    return stored.descriptor.digest;
}

Result<Digest> EvidenceStore::append_signature(const Digest& subject,
                                               ByteView payload,
                                               std::string_view signature_base64) {
    auto layer = oci::describe(std::string(kSimpleSigningType), payload);
    layer.annotations[std::string(sign::kSignatureAnnotation)] = std::string(signature_base64);
    return append(
        repository_, legacy_tag(subject, Carrier::signature_tag), layer, payload, kPerhapsThere);
}

Result<Digest> EvidenceStore::append_attestation(const Digest& subject,
                                                 ByteView envelope,
                                                 std::string_view predicate_type) {
    auto layer = oci::describe(std::string(kDsseType), envelope);
    layer.annotations[std::string(sign::kSignatureAnnotation)] = "";
    layer.annotations[std::string(kPredicateTypeAnnotation)] = std::string(predicate_type);
    return append(
        repository_, legacy_tag(subject, Carrier::attestation_tag), layer, envelope, kNew);
}

} // namespace bulla::evidence
