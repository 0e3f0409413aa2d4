// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/core/clock.hpp"
#include "oci/store/repository.hpp"
#include "sign/verify/claim.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bulla::evidence {

/// Media types under which evidence is stored (Sigstore bundle specification; cosign's
/// SIGNATURE_SPEC).
inline constexpr std::string_view kBundleType = "application/vnd.dev.sigstore.bundle.v0.3+json";
inline constexpr std::string_view kSimpleSigningType =
    "application/vnd.dev.cosign.simplesigning.v1+json";
inline constexpr std::string_view kDsseType = "application/vnd.dsse.envelope.v1+json";

/// The annotation of a bundle's manifest that names the predicate type (Sigstore bundle in OCI
/// registries); not signed.
inline constexpr std::string_view kBundlePredicateAnnotation = "dev.sigstore.bundle.predicateType";

/// How a piece of evidence lies beside its image.
enum class Carrier : std::uint8_t {
    referrer,        ///< a bundle in a manifest whose `subject` is the image
    signature_tag,   ///< a layer of the manifest at tag sha256-<hex>.sig
    attestation_tag, ///< a layer of the manifest at tag sha256-<hex>.att
};

/// "referrer", "signature-tag", "attestation-tag".
std::string_view to_string(Carrier carrier);

/// One piece of evidence as found: unverified, for sign::Verifier alone to judge.
struct Found {
    Carrier carrier = Carrier::referrer;
    Digest manifest; ///< the manifest that carries it
    sign::Claim claim;
};

/// Which evidence is asked for. Both are looked for in every place: an image may carry evidence of
/// several tools.
enum class Wanted : std::uint8_t { signatures, attestations };

/// The evidence in one repository, which need not be that of the images. Every way evidence can lie
/// there is behind this class, so that nothing reaches a decision around the verifier.
class EvidenceStore {
  public:
    /// `repository` must outlive the store.
    explicit EvidenceStore(oci::Repository& repository) : repository_(repository) {}

    /// All evidence on one digest, whose manifest may be elsewhere: referrers first (by digest),
    /// then the older tags in the order of their layers. Empty means that the repository answered
    /// and there is none, or that there is no such repository; not being able to find out is an
    /// error. Artifacts of another type than a bundle's are not fetched; evidence that is larger
    /// than limits::kAttachmentBytes, or more than limits::kAttachments pieces, is limit_exceeded.
    /// A listed manifest that is not there is an error, since hiding one must not look like its
    /// absence. Attestations of a type other than `predicate_type` (unless empty) are passed over
    /// where their annotation says so, and for signatures all attestations.
    Result<std::vector<Found>>
    find(const Digest& subject, Wanted wanted, std::string_view predicate_type = {});

    /// Stores a bundle as a referrer of `subject` and makes sure that it is listed.
    /// `predicate_type` goes into the annotations by which others filter; `created` too. Returns
    /// the digest of the manifest written.
    Result<Digest> store_bundle(const oci::Descriptor& subject,
                                ByteView bundle,
                                std::string_view predicate_type,
                                std::optional<Time> created);

    /// Appends a layer to the manifest at tag sha256-<hex>.sig or .att (cosign's SIGNATURE_SPEC) as
    /// Repository::update_tag does, which other writers may do at the same moment. A layer with
    /// equal bytes and annotations is not added again. Returns the digest of the manifest written.
    Result<Digest>
    append_signature(const Digest& subject, ByteView payload, std::string_view signature_base64);
    Result<Digest>
    append_attestation(const Digest& subject, ByteView envelope, std::string_view predicate_type);

  private:
    oci::Repository& repository_;
};

/// The tag under which cosign keeps evidence: "sha256-<hex>" and ".sig" or ".att".
std::string legacy_tag(const Digest& subject, Carrier carrier);

} // namespace bulla::evidence
