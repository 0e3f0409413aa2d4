// SPDX-License-Identifier: Apache-2.0
#include "base/core/text.hpp"
#include "cli/images/annotations.hpp"
#include "cli/images/evidence_place.hpp"
#include "cli/verify/image.hpp"
#include "cli/verify/policy_options.hpp"
#include "cli/verify/report.hpp"
#include "evidence/verify_image.hpp"
#include "sign/statement/predicate_type.hpp"

#include <algorithm>

namespace bulla::cli::verify {

namespace {

struct Candidates {
    std::vector<evidence::Candidate> list;
    std::string platform;
};

/// False for an index that lists no image for this machine.
Result<bool> has_platform(const oci::StoredManifest& top, const oci::Platform& platform) {
    if (!oci::media_type::is_index(top.descriptor.media_type)) {
        return true;
    }
    BULLA_TRY_ASSIGN(const auto index, oci::parse_index(top.bytes, top.descriptor.media_type));
    return oci::select_platform(index, platform, oci::PlatformChoice::host_default).has_value();
}

/// What carried the evidence, for messages: a signature of one platform's manifest says nothing
/// about the others.
std::string carrier_of(const Verification& verification) {
    const auto& last = verification.examined.back();
    std::string out = std::string(evidence::to_string(last.candidate.role)) + " " +
                      last.candidate.digest.to_string();
    const bool one_platform =
        last.candidate.role == evidence::Role::manifest && !verification.platform.empty();
    return one_platform ? out + ", " + verification.platform + " only" : out;
}

/// How many pieces of evidence verified: more than one statement of a type means that one had to be
/// chosen.
std::size_t count_verified(const evidence::Examined& examined) {
    return static_cast<std::size_t>(std::ranges::count(examined.report.claims,
                                                       bulla::sign::Verdict::verified,
                                                       &bulla::sign::ClaimReport::verdict));
}

/// The digests that may carry the evidence: the manifest of the platform, then the indexes that led
/// to it, the nearest first. An index without this machine's platform is looked at itself; with
/// --platform the platform must be there.
Result<Candidates> find_candidates(const OpenImage& image, const RegistryOptions& options) {
    BULLA_TRY_ASSIGN(const auto wanted, wanted_platform(options));
    if (wanted.choice == oci::PlatformChoice::host_default) {
        BULLA_TRY_ASSIGN(const bool here, has_platform(image.top, wanted.platform));
        if (!here) {
            return Candidates{{{image.top.descriptor.digest, evidence::Role::index}}, ""};
        }
    }
    BULLA_TRY_ASSIGN(
        const auto chosen,
        oci::select_image(*image.repository, image.top, wanted.platform, wanted.choice));
    Candidates candidates{{{chosen.manifest.descriptor.digest, evidence::Role::manifest}}, ""};
    for (auto index = chosen.indexes.rbegin(); index != chosen.indexes.rend(); ++index) {
        candidates.list.push_back({*index, evidence::Role::index});
        candidates.platform = chosen.platform ? chosen.platform->to_string() : "";
    }
    return candidates;
}

std::string evidence_option(const std::string& repository) {
    return repository.empty() ? repository : "--evidence-repository " + repository + " ";
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
    BULLA_TRY_ASSIGN(const auto place, EvidencePlace::open(image, options.registry, access));
    evidence::EvidenceStore store(place.repository());
    BULLA_TRY_ASSIGN(const auto examined, evidence::verify_image(store, candidates.list, policy));

    const Verification verification{image.pinned(), candidates.platform, examined, place.typed()};
    auto outcome = evidence::outcome(examined, wanted, image.pinned());
    BULLA_TRY(context.output.prepare_all(
        "json", to_json(verification, outcome ? nullptr : &outcome.error())));
    if (!outcome) {
        outcome.error().hint = "list what is attached with `bulla-oci tree " +
                               evidence_option(place.typed()) + image.pinned() + "`";
        if (place.elsewhere()) {
            outcome = std::move(outcome.error())
                          .with("evidence repository", text::printable(place.typed()));
        }
        context.logger.report(outcome.error());
        return exit_code_of(outcome.error().code);
    }
    BULLA_TRY(context.output.prepare_all("text", to_text(verification)));
    BULLA_TRY(
        context.output.prepare_all("predicate", examined.back().report.verified()->predicate()));
    if (!context.output.wants("text")) {
        context.logger.info("verified: " + text::printable(image.pinned()) + " (carried by the " +
                            carrier_of(verification) + ")");
    }
    if (context.output.wants("predicate") && count_verified(examined.back()) > 1) {
        context.logger.warning(
            std::to_string(count_verified(examined.back())) +
            " statements of this type verify; the predicate written is that of the first in the "
            "report (-o text or json lists them)");
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
