// SPDX-License-Identifier: Apache-2.0
#include "cli/oci/inspect.hpp"

#include <array>

namespace bulla::cli::oci {

namespace {

constexpr std::array kExamples = {
    Example{"in CI: what an image is, for programs",
            "bulla-oci inspect -o json 127.0.0.1:5000/app:1"},
    Example{"the layers of one platform's image",
            "bulla-oci inspect --platform linux/amd64 127.0.0.1:5000/app:1"},
    Example{"the manifest's own bytes, whose SHA-256 is the digest",
            "bulla-oci inspect --raw oci:build/image:1 | sha256sum"},
};

constexpr std::array kExits = {ExitCode::unavailable};

constexpr std::array kFormats = {
    OutputFormat{"text", "for people"},
    OutputFormat{"json", "for programs (bulla.inspect/1)"},
    OutputFormat{"raw", "the manifest as stored, byte for byte"},
};

constexpr CommandDoc kDoc{
    .name = "inspect",
    .summary = "show what a manifest or index says",
    .description = "An index is shown with its entries; --platform follows it to one image.",
    .examples = kExamples,
    .exits = kExits,
    .formats = kFormats,
};

void add_options(OptionSet& set, InspectOptions& options) {
    set.positional(
        {.name = "IMAGE",
         .help =
             "a registry reference, oci:DIR[:TAG], or an archive: FILE, oci-archive:FILE[:TAG], "
             "docker-archive:FILE[:TAG], - for standard input"},
        options.image);
    set.group("Inspect");
    set.flag({.name = "--raw", .help = "the same as --output raw"}, options.raw);
    add_registry_options(set, options.registry);
}

} // namespace

Subcommand inspect_command() {
    return make_subcommand(kDoc, &add_options, &run_inspect);
}

} // namespace bulla::cli::oci
