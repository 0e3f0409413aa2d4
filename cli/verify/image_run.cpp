// SPDX-License-Identifier: Apache-2.0
#include "base/core/text.hpp"
#include "cli/images/annotations.hpp"
#include "cli/images/image_access.hpp"
#include "cli/verify/image.hpp"
#include "cli/verify/policy_options.hpp"
#include "cli/verify/report.hpp"
#include "evidence/verify_image.hpp"
#include "sign/statement/predicate_type.hpp"

namespace bulla::cli::verify {

namespace {

struct Candidates {
    std::vector<evidence::Candidate> list;
    std::string platform;
};

/// The digests that may carry the evidence: the manifest of the platform, then the indexes that led
/// to it, the nearest first. An index without this machine's platform is looked at itself; with
/// --platform the platform must be there.
Result<Candidates> find_candidates(const OpenImage& image, const RegistryOptions& options) {
    BULLA_TRY_ASSIGN(const auto wanted, wanted_platform(options));
    auto chosen = oci::select_image(*image.repository, image.top, wanted.platform, wanted.choice);
    const bool only_index = !chosen && chosen.error().code == ErrorCode::not_found &&
                            wanted.choice == oci::PlatformChoice::host_default &&
                            oci::media_type::is_index(image.top.descriptor.media_type);
    if (only_index) {
        return Candidates{{{image.top.descriptor.digest, evidence::Role::index}}, ""};
    }
    if (!chosen) {
        return std::move(chosen.error());
    }
    Candidates candidates{{{chosen->manifest.descriptor.digest, evidence::Role::manifest}}, ""};
    for (auto index = chosen->indexes.rbegin(); index != chosen->indexes.rend(); ++index) {
        candidates.list.push_back({*index, evidence::Role::index});
        candidates.platform = wanted.platform.to_string();
    }
    return candidates;
}

Result<ExitCode> run(const ImageOptions& options, evidence::Wanted wanted, Context& context) {
    evidence::ImagePolicy policy;
    policy.wanted = wanted;
    BULLA_TRY_ASSIGN(policy.keys, load_keys(options.keys));
    BULLA_TRY_ASSIGN(policy.annotations, parse_annotations(options.annotations));
    if (wanted == evidence::Wanted::attestations) {
        BULLA_TRY_ASSIGN(policy.predicate_type, bulla::sign::parse_predicate_type(options.type));
    }
    ImageAccess access(context, options.registry);
    BULLA_TRY_ASSIGN(const OpenImage image, access.open(options.image));
    BULLA_TRY_ASSIGN(const auto candidates, find_candidates(image, options.registry));
    evidence::EvidenceStore store(*image.repository);
    BULLA_TRY_ASSIGN(const auto examined, evidence::verify_image(store, candidates.list, policy));

    const Verification verification{image.pinned(), candidates.platform, examined};
    auto outcome = evidence::outcome(examined, wanted, image.pinned());
    BULLA_TRY(context.output.prepare_all(
        "json", to_json(verification, outcome ? nullptr : &outcome.error())));
    if (!outcome) {
        outcome.error().hint = "list what is attached with `bulla-oci tree " + image.pinned() + "`";
        context.logger.report(outcome.error());
        return exit_code_of(outcome.error().code);
    }
    BULLA_TRY(context.output.prepare_all("text", to_text(verification)));
    BULLA_TRY(
        context.output.prepare_all("predicate", examined.back().report.verified()->predicate()));
    if (!context.output.wants("text")) {
        context.logger.info("verified: " + text::printable(image.pinned()));
    }
    return ExitCode::done;
}

} // namespace

Result<ExitCode> run_image(const ImageOptions& options, Context& context) {
    return run(options, evidence::Wanted::signatures, context);
}

Result<ExitCode> run_attestation(const ImageOptions& options, Context& context) {
    return run(options, evidence::Wanted::attestations, context);
}

} // namespace bulla::cli::verify
