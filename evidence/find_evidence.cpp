// SPDX-License-Identifier: Apache-2.0
#include "evidence/find_evidence.hpp"

#include "base/core/limits.hpp"
#include "base/core/side_by_side.hpp"
#include "evidence/legacy_manifest.hpp"
#include "sign/statement/statement.hpp"

#include <algorithm>
#include <optional>
#include <span>
#include <utility>

namespace bulla::evidence {

namespace {

constexpr std::string_view kBundleTypePrefix = "application/vnd.dev.sigstore.bundle";
/// Requests at a time: what one host is asked for at once by other clients too.
constexpr std::size_t kWidth = 8;

/// True if a referrer may hold a bundle. Registries and tools before distribution-spec 1.1 lost the
/// artifact type and left the config's, so those are looked at too.
bool may_hold_bundle(const oci::Descriptor& referrer) {
    const bool type = referrer.artifact_type.empty() ||
                      referrer.artifact_type == oci::media_type::kEmpty ||
                      referrer.artifact_type.starts_with(kBundleTypePrefix);
    return type && oci::media_type::is_manifest(referrer.media_type);
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

/// A layer that is evidence by its type, and the manifest that names it.
struct Piece {
    Carrier carrier = Carrier::referrer;
    Digest manifest;
    oci::Descriptor layer;
};

/// An answer that comes later than its place is made.
using ManifestAnswer = std::optional<Result<oci::StoredManifest>>;

/// Collects evidence under common bounds.
class Collector {
  public:
    Collector(oci::Repository& repository, const Digest& subject, std::string_view predicate_type)
        : repository_(repository), subject_(subject), predicate_type_(predicate_type) {}

    Status add_referrers(std::span<const oci::Descriptor> referrers);
    Status
    add_legacy(const oci::StoredManifest& stored, Carrier carrier, std::string_view layer_type);

    std::vector<Found> take() && { return std::move(found_); }

  private:
    Status charge(std::uint64_t bytes);
    bool is_of_other_type(const oci::Annotations& annotations, std::string_view name) const;
    Status select(std::span<const oci::Descriptor> referrers,
                  std::span<ManifestAnswer> manifests,
                  std::vector<Piece>& pieces);
    Status add_pieces(std::span<const Piece> pieces);

    oci::Repository& repository_;
    const Digest& subject_;
    std::string_view predicate_type_;
    std::vector<Found> found_;
    std::uint64_t total_bytes_ = 0;
    std::size_t fetched_ = 0;
};

/// Counts what is fetched, whether it turns out to be evidence or not: an image may carry endless
/// attachments (CVE-2023-46737).
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

/// True if whoever stored it says that it is about something else than what is asked for: then it
/// is not worth fetching. The annotation is not signed; it can only make evidence useless, as
/// leaving the evidence out could.
bool Collector::is_of_other_type(const oci::Annotations& annotations, std::string_view name) const {
    const auto found = annotations.find(std::string(name));
    return !predicate_type_.empty() && found != annotations.end() && !found->second.empty() &&
           found->second != predicate_type_;
}

/// Fetches pieces that are charged for, side by side.
Status Collector::add_pieces(std::span<const Piece> pieces) {
    std::vector<Result<Bytes>> contents(pieces.size());
    side_by_side(pieces.size(), kWidth, [&](std::size_t number) {
        contents[number] =
            fetch_blob(repository_, pieces[number].layer, limits::kAttachmentBytes, "the evidence");
    });
    for (std::size_t i = 0; i < pieces.size(); ++i) {
        const Piece& piece = pieces[i];
        BULLA_TRY_ASSIGN(Bytes content, std::move(contents[i]));
        sign::Claim claim{form_of(piece.carrier),
                          std::move(content),
                          piece.layer.annotations,
                          piece.layer.digest.to_string()};
        found_.push_back({piece.carrier, piece.manifest, std::move(claim)});
    }
    return ok();
}

/// Charges for manifests in their order and for the bundles they name. What is in `pieces` after an
/// error came before it.
Status Collector::select(std::span<const oci::Descriptor> referrers,
                         std::span<ManifestAnswer> manifests,
                         std::vector<Piece>& pieces) {
    for (std::size_t i = 0; i < referrers.size(); ++i) {
        BULLA_TRY(charge(referrers[i].size));
        BULLA_TRY_ASSIGN(const auto stored, std::move(*manifests[i]));
        BULLA_TRY_ASSIGN(auto manifest,
                         oci::parse_manifest(stored.bytes, stored.descriptor.media_type));
        const bool is_bundle = manifest.layers.size() == 1 &&
                               manifest.layers[0].media_type.starts_with(kBundleTypePrefix);
        // The list is only a hint; what a manifest refers to stands in the manifest.
        const bool refers_here = manifest.subject && manifest.subject->digest == subject_;
        if (is_bundle && refers_here &&
            !is_of_other_type(manifest.annotations, kBundlePredicateAnnotation)) {
            BULLA_TRY(charge(manifest.layers[0].size));
            pieces.push_back(
                {Carrier::referrer, stored.descriptor.digest, std::move(manifest.layers[0])});
        }
    }
    return ok();
}

/// A few at a time, so that no more is fetched beyond a bound than the manifests of one batch,
/// each of which is small.
Status Collector::add_referrers(std::span<const oci::Descriptor> referrers) {
    while (!referrers.empty()) {
        const auto batch = referrers.first(std::min(referrers.size(), kWidth));
        referrers = referrers.subspan(batch.size());
        std::vector<ManifestAnswer> manifests(batch.size());
        side_by_side(batch.size(), kWidth, [&](std::size_t number) {
            manifests[number] = repository_.fetch_manifest(batch[number].digest);
        });
        std::vector<Piece> pieces;
        auto selected = select(batch, manifests, pieces);
        BULLA_TRY(add_pieces(pieces)); // an error among these came first
        BULLA_TRY(std::move(selected));
    }
    return ok();
}

Status Collector::add_legacy(const oci::StoredManifest& stored,
                             Carrier carrier,
                             std::string_view layer_type) {
    BULLA_TRY_ASSIGN(const auto manifest,
                     oci::parse_manifest(stored.bytes, stored.descriptor.media_type));
    std::vector<Piece> pieces;
    Status charged = ok();
    for (const auto& layer : manifest.layers) {
        if (layer.media_type != layer_type ||
            is_of_other_type(layer.annotations, kPredicateTypeAnnotation)) {
            continue;
        }
        charged = charge(layer.size);
        if (!charged) {
            break;
        }
        pieces.push_back({carrier, stored.descriptor.digest, layer});
    }
    BULLA_TRY(add_pieces(pieces));
    return charged;
}

} // namespace

Result<std::vector<Found>> find_evidence(oci::Repository& repository,
                                         const Digest& subject,
                                         Wanted wanted,
                                         std::string_view predicate_type) {
    const bool signatures = wanted == Wanted::signatures;
    const Carrier older = signatures ? Carrier::signature_tag : Carrier::attestation_tag;
    Result<std::vector<oci::Descriptor>> referrers;
    ManifestAnswer answer;
    side_by_side(2, 2, [&](std::size_t number) {
        if (number == 0) {
            referrers = repository.list_referrers(subject, "");
        } else {
            answer = repository.fetch_tag(legacy_tag(subject, older));
        }
    });
    if (!referrers && referrers.error().code == ErrorCode::not_found) {
        referrers = std::vector<oci::Descriptor>(); // a repository for evidence that has none yet
    }
    if (!referrers) {
        return std::move(referrers.error());
    }
    std::erase_if(*referrers, [](const auto& entry) { return !may_hold_bundle(entry); });
    Collector collector(
        repository, subject, signatures ? sign::kImageSignatureType : predicate_type);
    BULLA_TRY(collector.add_referrers(*referrers));
    auto& tagged = *answer;
    if (!tagged && tagged.error().code != ErrorCode::not_found) {
        return std::move(tagged.error());
    }
    if (tagged) {
        BULLA_TRY(
            collector.add_legacy(*tagged, older, signatures ? kSimpleSigningType : kDsseType));
    }
    return std::move(collector).take();
}

} // namespace bulla::evidence
