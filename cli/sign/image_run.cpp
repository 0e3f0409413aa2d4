// SPDX-License-Identifier: Apache-2.0
#include "cli/images/annotations.hpp"
#include "cli/images/evidence_place.hpp"
#include "cli/sign/image.hpp"
#include "cli/sign/publish.hpp"
#include "evidence/evidence_store.hpp"
#include "sign/bundle/seal.hpp"

namespace bulla::cli::sign {

namespace {

/// What of an image is signed: the digest it resolves to, and with --recursive all it holds.
Result<std::vector<oci::Descriptor>> targets_of(const OpenImage& image, bool recursive) {
    if (recursive) {
        return oci::list_descendants(*image.repository, image.top);
    }
    return std::vector{image.top.descriptor};
}

/// The reference a legacy payload names; for a layout, which has none, its path.
std::string docker_reference(const oci::ImageName& name) {
    return name.reference ? name.reference->name() : name.path;
}

class ImageSigner {
  public:
    ImageSigner(const OpenImage& image,
                oci::Repository& evidence,
                const bulla::sign::Signer& signer,
                bulla::sign::Annotations annotations,
                Time time)
        : image_(image), store_(evidence), signer_(signer), annotations_(std::move(annotations)),
          time_(time) {}

    Result<Stored> add_bundle(const oci::Descriptor& target) {
        const auto statement = bulla::sign::make_image_signature(target.digest, annotations_);
        BULLA_TRY_ASSIGN(auto envelope, bulla::sign::sign_statement(statement, signer_));
        const Bytes bundle =
            bulla::sign::encode_bundle(bulla::sign::make_bundle(std::move(envelope), signer_));
        BULLA_TRY_ASSIGN(
            const Digest manifest,
            store_.store_bundle(target, bundle, bulla::sign::kImageSignatureType, time_));
        return Stored{target.digest, "bundle", manifest, ""};
    }

    Result<Stored> add_legacy(const oci::Descriptor& target) {
        const bulla::sign::SimpleSigning payload{
            docker_reference(image_.name), target.digest, annotations_};
        BULLA_TRY_ASSIGN(const auto signature, bulla::sign::sign_legacy(payload, signer_));
        BULLA_TRY_ASSIGN(
            const Digest manifest,
            store_.append_signature(target.digest, signature.payload, signature.signature_base64));
        return Stored{target.digest,
                      "legacy",
                      manifest,
                      evidence::legacy_tag(target.digest, evidence::Carrier::signature_tag)};
    }

  private:
    const OpenImage& image_;
    evidence::EvidenceStore store_;
    const bulla::sign::Signer& signer_;
    bulla::sign::Annotations annotations_;
    Time time_;
};

Status sign_target(ImageSigner& signer,
                   const oci::Descriptor& target,
                   SignatureFormat format,
                   Published& published) {
    if (writes_bundle(format)) {
        BULLA_TRY_ASSIGN(auto stored, signer.add_bundle(target));
        published.signatures.push_back(std::move(stored));
    }
    if (writes_legacy(format)) {
        BULLA_TRY_ASSIGN(auto stored, signer.add_legacy(target));
        published.signatures.push_back(std::move(stored));
    }
    return ok();
}

} // namespace

Result<ExitCode> run_image(const ImageOptions& options, Context& context) {
    BULLA_TRY_ASSIGN(auto annotations, parse_annotations(options.annotations));
    BULLA_TRY_ASSIGN(const Time time, signing_time(context.clock));
    BULLA_TRY_ASSIGN(const auto signer, load_signer(options.key));
    ImageAccess access(context, options.registry);
    BULLA_TRY_ASSIGN(const OpenImage image, access.open(options.image));
    BULLA_TRY_ASSIGN(const auto targets, targets_of(image, options.recursive));

    Published published{.pinned = image.pinned(), .predicate_type = "", .type_option = ""};
    BULLA_TRY_ASSIGN(const auto place,
                     EvidencePlace::open(image, options.registry, access, Layouts::may_be_new));
    published.evidence = place.elsewhere();
    published.annotations = annotations;
    ImageSigner image_signer(image, place.repository(), *signer, std::move(annotations), time);
    for (const auto& target : targets) {
        auto status = sign_target(image_signer, target, options.format, published);
        if (!status) {
            for (const auto& stored : published.signatures) {
                context.logger.warning("stored before the failure: " + stored.form + " " +
                                       stored.manifest.to_string() + " on " +
                                       stored.image.to_string());
            }
            return std::move(status.error());
        }
    }
    BULLA_TRY(write_result(published, image, options.key, *signer, options.format, context));
    return ExitCode::done;
}

} // namespace bulla::cli::sign
