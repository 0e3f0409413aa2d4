// SPDX-License-Identifier: Apache-2.0
#include "base/core/limits.hpp"
#include "cli/images/evidence_place.hpp"
#include "cli/images/read_input.hpp"
#include "cli/sign/attest.hpp"
#include "cli/sign/publish.hpp"
#include "evidence/attestation_subject.hpp"
#include "evidence/evidence_store.hpp"
#include "sign/bundle/seal.hpp"
#include "sign/statement/predicate_subject.hpp"
#include "sign/statement/predicate_type.hpp"

namespace bulla::cli::sign {

Result<ExitCode> run_attest(const AttestOptions& options, Context& context) {
    BULLA_TRY_ASSIGN(const std::string type, bulla::sign::parse_predicate_type(options.type));
    BULLA_TRY_ASSIGN(const Time time, signing_time(context.clock));
    BULLA_TRY_ASSIGN(Bytes predicate, read_input(options.predicate, limits::kAttachmentBytes));
    BULLA_TRY_ASSIGN(const auto named, bulla::sign::find_predicate_subject(type, predicate));
    BULLA_TRY_ASSIGN(const auto signer, load_signer(options.key, use_of(options.predicate)));
    ImageAccess access(context, options.registry);
    BULLA_TRY_ASSIGN(const OpenImage image, access.open(options.image));
    BULLA_TRY_ASSIGN(const auto subject,
                     evidence::choose_subject(*image.repository, image.top, named));
    if (subject.digest != image.top.descriptor.digest) {
        context.logger.info(
            "the predicate is about one manifest of the index: the statement is about " +
            subject.digest.to_string());
    }
    const std::string name = image.name.reference ? image.name.reference->name() : std::string();
    const auto statement =
        bulla::sign::make_attestation(name, subject.digest, type, std::move(predicate));
    BULLA_TRY_ASSIGN(auto envelope, bulla::sign::sign_statement(statement, *signer));

    Published published{.pinned = image.name.at(subject.digest).to_string(),
                        .predicate_type = type,
                        .type_option = options.type};
    BULLA_TRY_ASSIGN(const auto place,
                     EvidencePlace::open(image, options.registry, access, Layouts::may_be_new));
    published.evidence = place.elsewhere();
    evidence::EvidenceStore store(place.repository());
    if (writes_legacy(options.format)) {
        BULLA_TRY_ASSIGN(
            const Digest manifest,
            store.append_attestation(subject.digest, bulla::sign::encode_envelope(envelope), type));
        published.signatures.push_back(
            {subject.digest,
             "legacy",
             manifest,
             evidence::legacy_tag(subject.digest, evidence::Carrier::attestation_tag)});
    }
    if (writes_bundle(options.format)) {
        const Bytes bundle =
            bulla::sign::encode_bundle(bulla::sign::make_bundle(std::move(envelope), *signer));
        BULLA_TRY_ASSIGN(const Digest manifest, store.store_bundle(subject, bundle, type, time));
        published.signatures.push_back({subject.digest, "bundle", manifest, ""});
    }
    BULLA_TRY(write_result(published, image, options.key, *signer, options.format, context));
    return ExitCode::done;
}

} // namespace bulla::cli::sign
