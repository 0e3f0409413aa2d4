// SPDX-License-Identifier: Apache-2.0
#include "evidence/evidence_store.hpp"

#include "base/core/limits.hpp"
#include "base/core/text.hpp"
#include "evidence/legacy_manifest.hpp"

#include <algorithm>
#include <utility>

namespace bulla::evidence {

namespace {

constexpr std::string_view kBundleTypePrefix = "application/vnd.dev.sigstore.bundle";
constexpr int kAppendAttempts = 5;

/// The config `{}` of an artifact that has none (image-spec "Guidance for an Empty Descriptor").
constexpr std::string_view kEmptyConfig = "{}";

/// True if a referrer may hold a bundle. Registries and tools before distribution-spec 1.1 lost the
/// artifact type and left the config's, so those are looked at too.
bool may_hold_bundle(const oci::Descriptor& referrer) {
    return referrer.artifact_type.empty() || referrer.artifact_type == oci::media_type::kEmpty ||
           referrer.artifact_type.starts_with(kBundleTypePrefix);
}

sign::ClaimForm form_of(Carrier carrier) {
    switch (carrier) {
    case Carrier::referrer:
        return sign::ClaimForm::bundle;
    case Carrier::signature_tag:
        return sign::ClaimForm::legacy_signature;
    case Carrier::attestation_tag:
        return sign::ClaimForm::legacy_attestation;
    }
    return sign::ClaimForm::bundle;
}

/// Collects evidence under common bounds.
class Collector {
  public:
    Collector(oci::Repository& repository, const Digest& subject)
        : repository_(repository), subject_(subject) {}

    Status add_referrers();
    Status add_legacy(Carrier carrier, std::string_view layer_type);

    std::vector<Found> take() && { return std::move(found_); }

  private:
    Status charge(std::uint64_t bytes);
    Status add_layer(Carrier carrier, const Digest& manifest, const oci::Descriptor& layer);

    oci::Repository& repository_;
    const Digest& subject_;
    std::vector<Found> found_;
    std::uint64_t total_bytes_ = 0;
    std::size_t fetched_ = 0;
};

/// Counts what is fetched before it is fetched, whether it turns out to be evidence or not: an
/// image may carry endless attachments (CVE-2023-46737).
Status Collector::charge(std::uint64_t bytes) {
    constexpr std::size_t kFetches = 2 * limits::kAttachments; // a manifest and its content
    total_bytes_ += bytes;
    if (++fetched_ > kFetches || total_bytes_ > 2 * limits::kAttachmentBytes) {
        return Error{ErrorCode::limit_exceeded,
                     "the image carries more evidence than is examined: over " +
                         std::to_string(limits::kAttachments) + " pieces or " +
                         std::to_string(2 * limits::kAttachmentBytes) + " bytes"}
            .with("image", subject_.to_string());
    }
    return ok();
}

Status Collector::add_layer(Carrier carrier, const Digest& manifest, const oci::Descriptor& layer) {
    BULLA_TRY(charge(layer.size));
    BULLA_TRY_ASSIGN(Bytes content,
                     fetch_blob(repository_, layer, limits::kAttachmentBytes, "the evidence"));
    sign::Claim claim{
        form_of(carrier), std::move(content), layer.annotations, layer.digest.to_string()};
    found_.push_back({carrier, manifest, std::move(claim)});
    return ok();
}

Status Collector::add_referrers() {
    BULLA_TRY_ASSIGN(const auto referrers, repository_.list_referrers(subject_, ""));
    for (const auto& referrer : referrers) {
        if (!may_hold_bundle(referrer) || !oci::media_type::is_manifest(referrer.media_type)) {
            continue;
        }
        BULLA_TRY(charge(referrer.size));
        BULLA_TRY_ASSIGN(const auto stored, repository_.fetch_manifest(referrer.digest));
        BULLA_TRY_ASSIGN(const auto manifest,
                         oci::parse_manifest(stored.bytes, stored.descriptor.media_type));
        const bool is_bundle = manifest.layers.size() == 1 &&
                               manifest.layers[0].media_type.starts_with(kBundleTypePrefix);
        // The list is only a hint; what a manifest refers to stands in the manifest.
        const bool refers_here = manifest.subject && manifest.subject->digest == subject_;
        if (is_bundle && refers_here) {
            BULLA_TRY(add_layer(Carrier::referrer, stored.descriptor.digest, manifest.layers[0]));
        }
    }
    return ok();
}

Status Collector::add_legacy(Carrier carrier, std::string_view layer_type) {
    auto stored = repository_.fetch_tag(legacy_tag(subject_, carrier));
    if (!stored && stored.error().code == ErrorCode::not_found) {
        return ok();
    }
    if (!stored) {
        return std::move(stored.error());
    }
    BULLA_TRY_ASSIGN(const auto manifest,
                     oci::parse_manifest(stored->bytes, stored->descriptor.media_type));
    for (const auto& layer : manifest.layers) {
        if (layer.media_type == layer_type) {
            BULLA_TRY(add_layer(carrier, stored->descriptor.digest, layer));
        }
    }
    return ok();
}

/// True if a layer like this one is in the manifest.
bool holds(const oci::Manifest& manifest, const oci::Descriptor& layer) {
    return std::ranges::any_of(manifest.layers, [&](const oci::Descriptor& other) {
        return other.digest == layer.digest && other.annotations == layer.annotations;
    });
}

/// What a legacy tag holds now; an empty manifest if the tag does not exist.
Result<oci::Manifest> read_legacy(oci::Repository& repository, const std::string& tag) {
    auto stored = repository.fetch_tag(tag);
    if (!stored && stored.error().code == ErrorCode::not_found) {
        return empty_legacy_manifest();
    }
    if (!stored) {
        return std::move(stored.error());
    }
    return oci::parse_manifest(stored->bytes, stored->descriptor.media_type);
}

/// Adds a layer to a legacy tag. There is no compare-and-swap in the distribution protocol that
/// registries honour, so the tag is read back, and the loser of a race appends again to what the
/// winner wrote.
Result<Digest>
append(oci::Repository& repository, const std::string& tag, const oci::Descriptor& layer) {
    for (int attempt = 0; attempt < kAppendAttempts; ++attempt) {
        BULLA_TRY_ASSIGN(oci::Manifest manifest, read_legacy(repository, tag));
        if (!holds(manifest, layer)) {
            manifest.layers.push_back(layer);
            const Bytes config = encode_legacy_config(manifest.layers);
            BULLA_TRY_ASSIGN(manifest.config,
                             put_bytes(repository, std::string(oci::media_type::kConfig), config));
            const Bytes bytes = oci::encode(manifest);
            const oci::StoredManifest stored{
                oci::describe(std::string(oci::media_type::kManifest), bytes), bytes};
            BULLA_TRY(repository.put_manifest(stored, tag));
        }
        BULLA_TRY_ASSIGN(const auto now, repository.fetch_tag(tag));
        BULLA_TRY_ASSIGN(const auto written,
                         oci::parse_manifest(now.bytes, now.descriptor.media_type));
        if (holds(written, layer)) {
            return now.descriptor.digest;
        }
    }
    return Error{ErrorCode::unavailable, "other writers kept replacing the tag \"" + tag + "\""}
        .with_hint("sign again, or use --signature-format bundle, which does not share a tag");
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

Result<std::vector<Found>> EvidenceStore::find(const Digest& subject, Wanted wanted) {
    Collector collector(repository_, subject);
    BULLA_TRY(collector.add_referrers());
    if (wanted == Wanted::signatures) {
        BULLA_TRY(collector.add_legacy(Carrier::signature_tag, kSimpleSigningType));
    } else {
        BULLA_TRY(collector.add_legacy(Carrier::attestation_tag, kDsseType));
    }
    return std::move(collector).take();
}

Result<Digest> EvidenceStore::store_bundle(const oci::Descriptor& subject,
                                           ByteView bundle,
                                           std::string_view predicate_type,
                                           std::optional<Time> created) {
    oci::Manifest manifest{
        .media_type = std::string(oci::media_type::kManifest),
        .artifact_type = std::string(kBundleType),
        .config = oci::describe(std::string(oci::media_type::kEmpty), kEmptyConfig),
        .subject = oci::Descriptor{subject.media_type, subject.digest, subject.size}};
    manifest.annotations["dev.sigstore.bundle.content"] = "dsse-envelope";
    manifest.annotations["dev.sigstore.bundle.predicateType"] = std::string(predicate_type);
    if (created) {
        manifest.annotations["org.opencontainers.image.created"] = to_rfc3339(*created);
    }
    BULLA_TRY(put_bytes(repository_, std::string(oci::media_type::kEmpty), kEmptyConfig));
    BULLA_TRY_ASSIGN(auto layer, put_bytes(repository_, std::string(kBundleType), bundle));
    manifest.layers.push_back(std::move(layer));
    const Bytes bytes = oci::encode(manifest);
    oci::StoredManifest stored{oci::describe(std::string(oci::media_type::kManifest), bytes),
                               bytes};
    BULLA_TRY(repository_.put_manifest(stored, ""));

    BULLA_TRY_ASSIGN(const auto listed, repository_.list_referrers(subject.digest, ""));
    const bool there = std::ranges::any_of(listed, [&](const oci::Descriptor& entry) {
        return entry.digest == stored.descriptor.digest;
    });
    if (!there) {
        return Error{ErrorCode::unavailable,
                     "the signature was stored and is not listed beside its image"}
            .with("image", subject.digest.to_string())
            .with("signature", stored.descriptor.digest.to_string())
            .with_hint("the registry may need a moment: look with `bulla-oci tree`, and sign again "
                       "if it stays away");
    }
    return stored.descriptor.digest;
}

Result<Digest> EvidenceStore::append_signature(const Digest& subject,
                                               ByteView payload,
                                               std::string_view signature_base64) {
    BULLA_TRY_ASSIGN(auto layer, put_bytes(repository_, std::string(kSimpleSigningType), payload));
    layer.annotations[std::string(sign::kSignatureAnnotation)] = std::string(signature_base64);
    return append(repository_, legacy_tag(subject, Carrier::signature_tag), layer);
}

Result<Digest> EvidenceStore::append_attestation(const Digest& subject,
                                                 ByteView envelope,
                                                 std::string_view predicate_type) {
    BULLA_TRY_ASSIGN(auto layer, put_bytes(repository_, std::string(kDsseType), envelope));
    layer.annotations[std::string(sign::kSignatureAnnotation)] = "";
    layer.annotations[std::string(kPredicateTypeAnnotation)] = std::string(predicate_type);
    return append(repository_, legacy_tag(subject, Carrier::attestation_tag), layer);
}

} // namespace bulla::evidence
