// SPDX-License-Identifier: Apache-2.0
#include "cli/images/evidence_place.hpp"
#include "cli/oci/tree.hpp"

#include <array>

namespace bulla::cli::oci {

namespace {

constexpr std::array kExamples = {
    Example{"in CI: list what is attached, for programs",
            "bulla-oci tree -o json 127.0.0.1:5000/app:1"},
    Example{"what a layout folder holds beside its image", "bulla-oci tree oci:build/image:1"},
};

constexpr std::array kExits = {ExitCode::unavailable};

constexpr std::array kFormats = {
    OutputFormat{"text", "a tree for people"},
    OutputFormat{"json", "the same tree for programs (bulla.tree/1)"},
};

constexpr CommandDoc kDoc{
    .name = "tree",
    .summary = "show an image with everything attached to it",
    .description =
        "Lists the images of an index, what refers to each of them, what refers to that, and "
        "signatures and statements under their older tags (.sig, .att, .sbom). Nothing is "
        "verified: types and predicates are what the registry's descriptors claim.\n\n"
        "With --evidence-repository, what is attached is what is there.",
    .examples = kExamples,
    .exits = kExits,
    .environment = kEvidenceEnvironment,
    .formats = kFormats,
};

void add_options(OptionSet& set, TreeOptions& options) {
    set.positional(
        {.name = "IMAGE",
         .help =
             "a registry reference, oci:DIR[:TAG], or an archive: FILE, oci-archive:FILE[:TAG], "
             "docker-archive:FILE[:TAG], - for standard input"},
        options.image);
    add_registry_options(set, options.registry, Platforms::all);
    add_evidence_option(set, options.registry);
}

} // namespace

Subcommand tree_command() {
    return make_subcommand(kDoc, &add_options, &run_tree);
}

} // namespace bulla::cli::oci
