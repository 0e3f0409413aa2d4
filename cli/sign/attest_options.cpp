// SPDX-License-Identifier: Apache-2.0
#include "cli/images/evidence_place.hpp"
#include "cli/sign/attest.hpp"

#include <array>

namespace bulla::cli::sign {

namespace {

constexpr std::array kExamples = {
    Example{
        "in CI: attest the SBOM of an image",
        "bulla-sign attest --key env://COSIGN_PRIVATE_KEY --type cyclonedx --predicate sbom.json "
        "127.0.0.1:5000/app:1"},
    Example{"a predicate of your own type",
            "bulla-sign attest --key my.key --type https://example.com/review/v1 --predicate "
            "review.json oci:build/image"},
};

constexpr std::array kExits = {ExitCode::unavailable};

constexpr std::array kFormats = {OutputFormat{"text", "for people"},
                                 OutputFormat{"json", "schema bulla.signature/1"}};

constexpr CommandDoc kDoc{
    .name = "attest",
    .summary = "sign a statement about an image, such as its SBOM",
    .description = "The predicate is signed byte by byte as it stands in the file.\n\n"
                   "If it names the image it is about, as an SBOM does, that must be the image "
                   "given, or one of the manifests in "
                   "the index given: then the statement is about that manifest, and this is "
                   "printed. A predicate about another "
                   "image is refused.",
    .examples = kExamples,
    .exits = kExits,
    .environment = kEvidenceEnvironment,
    .formats = kFormats,
};

void add_options(OptionSet& set, AttestOptions& options) {
    set.positional({.name = "IMAGE", .help = "a registry reference, or oci:DIR[:TAG]"},
                   options.image);
    set.group("Statement");
    set.value({.name = "--type",
               .placeholder = "TYPE",
               .help = "what the predicate is: cyclonedx, spdxjson, slsaprovenance1, vuln, "
                       "openvex, … or a URI"},
              options.type,
              Need::required);
    set.value({.name = "--predicate",
               .placeholder = "FILE",
               .help = "the JSON to sign; - for standard input"},
              options.predicate,
              Need::required);
    set.group("Signature");
    add_key_option(set, options.key);
    add_format_option(set, options.format);
    set.group("Image");
    add_registry_options(set, options.registry, Platforms::all);
    add_evidence_option(set, options.registry);
}

} // namespace

Subcommand attest_command() {
    return make_subcommand(kDoc, &add_options, &run_attest);
}

} // namespace bulla::cli::sign
