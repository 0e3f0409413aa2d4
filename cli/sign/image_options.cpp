// SPDX-License-Identifier: Apache-2.0
#include "cli/images/evidence_place.hpp"
#include "cli/sign/image.hpp"

#include <array>

namespace bulla::cli::sign {

namespace {

constexpr std::array kExamples = {
    Example{"in CI: sign what was just pushed, with a key from the environment",
            "bulla-sign image --key env://COSIGN_PRIVATE_KEY 127.0.0.1:5000/app:1"},
    Example{"an image in a layout folder, before it is copied anywhere",
            "bulla-sign image --key my.key oci:build/image:latest"},
    Example{
        "every platform of an image, for verifiers old and new",
        "bulla-sign image --key my.key --recursive --signature-format both 127.0.0.1:5000/app:1"},
};

constexpr std::array kExits = {ExitCode::unavailable};

constexpr std::array kFormats = {OutputFormat{"text", "for people"},
                                 OutputFormat{"json", "schema bulla.signature/1"}};

constexpr CommandDoc kDoc{
    .name = "image",
    .summary = "sign an image",
    .description = "Resolves the image once, signs its digest, stores the signature beside it and "
                   "reads it back. A tag "
                   "can move while this runs; what was signed is printed.\n\n"
                   "No transparency log is written: verifiers have to be told, and the lines that "
                   "do so are printed.",
    .examples = kExamples,
    .exits = kExits,
    .environment = kEvidenceEnvironment,
    .formats = kFormats,
};

void add_options(OptionSet& set, ImageOptions& options) {
    set.positional({.name = "IMAGE", .help = "a registry reference, or oci:DIR[:TAG]"},
                   options.image);
    set.group("Signature");
    add_key_option(set, options.key);
    add_format_option(set, options.format);
    set.list({.name = "-a,--annotation",
              .placeholder = "KEY=VALUE",
              .help = "a statement to sign with the image"},
             options.annotations);
    set.flag({.name = "--recursive", .help = "sign the manifests inside an index too"},
             options.recursive);
    set.group("Image");
    add_registry_options(set, options.registry, Platforms::all);
    add_evidence_option(set, options.registry);
}

} // namespace

Subcommand image_command() {
    return make_subcommand(kDoc, &add_options, &run_image);
}

} // namespace bulla::cli::sign
