// SPDX-License-Identifier: Apache-2.0
#include "cli/images/evidence_place.hpp"
#include "cli/verify/image.hpp"

#include <array>

namespace bulla::cli::verify {

namespace {

constexpr std::array kExits = {ExitCode::unavailable, ExitCode::untrusted, ExitCode::no_signature};

constexpr std::array kImageExamples = {
    Example{"in CI: go on only if the image is signed",
            "bulla-verify image --key cosign.pub 127.0.0.1:5000/app:1"},
    Example{"old and new key during a rotation",
            "bulla-verify image --key old.pub --key new.pub 127.0.0.1:5000/app:1"},
    Example{"the verdict on every signature, for programs",
            "bulla-verify image --key my.pub oci:build/image:latest -o json"},
};

constexpr std::array kImageFormats = {OutputFormat{"text", "for people"},
                                      OutputFormat{"json", "schema bulla.verification/1"}};

constexpr CommandDoc kImageDoc{
    .name = "image",
    .summary = "check that an image is signed",
    .description =
        "Looks at the manifest of the platform, then at the index that led to it, and says which "
        "one carried the "
        "signature. Bundles and cosign's older tags are both looked at. An attestation is not a "
        "signature.\n\n"
        "Transparency logs are not consulted: what is proved is that the key signed this digest.",
    .examples = kImageExamples,
    .exits = kExits,
    .environment = kEvidenceEnvironment,
    .formats = kImageFormats,
};

constexpr std::array kAttestationExamples = {
    Example{"in CI: fetch the SBOM of an image, and only if it is signed",
            "bulla-verify attestation --key cosign.pub --type cyclonedx 127.0.0.1:5000/app:1 -o "
            "predicate=sbom.json"},
};

constexpr std::array kAttestationFormats = {
    OutputFormat{"text", "for people"},
    OutputFormat{"json", "schema bulla.verification/1"},
    OutputFormat{"predicate", "the predicate, byte by byte as signed"}};

constexpr CommandDoc kAttestationDoc{
    .name = "attestation",
    .summary = "check a statement about an image, and read it",
    .description = "Looks at the manifest of the platform, then at the index that led to it. Only "
                   "a statement of the type "
                   "asked for, or a version of it, counts.\n\n"
                   "Transparency logs are not consulted.",
    .examples = kAttestationExamples,
    .exits = kExits,
    .environment = kEvidenceEnvironment,
    .formats = kAttestationFormats,
};

void add_image_options(OptionSet& set, ImageOptions& options) {
    set.positional({.name = "IMAGE", .help = "a registry reference, or oci:DIR[:TAG]"},
                   options.image);
    set.group("Policy");
    set.list({.name = "--key",
              .placeholder = "KEY",
              .help = "a public key: a file, or env://VARIABLE; any one counts"},
             options.keys,
             Need::required);
}

void add_signature_options(OptionSet& set, ImageOptions& options) {
    add_image_options(set, options);
    set.list({.name = "-a,--annotation",
              .placeholder = "KEY=VALUE",
              .help = "must have been signed with the image"},
             options.annotations);
    set.group("Image");
    add_registry_options(set, options.registry);
    add_evidence_option(set, options.registry);
}

void add_attestation_options(OptionSet& set, ImageOptions& options) {
    add_image_options(set, options);
    set.value({.name = "--type",
               .placeholder = "TYPE",
               .help = "the predicate's type: cyclonedx, spdxjson, slsaprovenance1, vuln, openvex, "
                       "… or a URI"},
              options.type,
              Need::required);
    set.group("Image");
    add_registry_options(set, options.registry);
    add_evidence_option(set, options.registry);
}

} // namespace

Subcommand image_command() {
    return make_subcommand(kImageDoc, &add_signature_options, &run_image);
}

Subcommand attestation_command() {
    return make_subcommand(kAttestationDoc, &add_attestation_options, &run_attestation);
}

} // namespace bulla::cli::verify
