// SPDX-License-Identifier: Apache-2.0
#include "cli/oci/resolve.hpp"

#include <array>

namespace bulla::cli::oci {

namespace {

constexpr std::array kExamples = {
    Example{"in CI: pin what was just pushed, and use the digest from here on",
            "bulla-oci resolve 127.0.0.1:5000/app:1"},
    Example{"the image of one platform inside an index",
            "bulla-oci resolve --platform linux/arm64 127.0.0.1:5000/app:1"},
};

constexpr std::array kExits = {ExitCode::unavailable};

constexpr std::array kFormats = {
    OutputFormat{"text", "the digest alone"},
    OutputFormat{"json", "name, digest, media type and size (bulla.resolve/1)"},
};

constexpr CommandDoc kDoc{
    .name = "resolve",
    .summary = "print the digest that a name stands for",
    .description = "The digest is computed from the manifest's bytes, not taken from a header. "
                   "For a name that is an index, this is the index, unless --platform asks for one "
                   "of its images.",
    .examples = kExamples,
    .exits = kExits,
    .formats = kFormats,
};

void add_options(OptionSet& set, ResolveOptions& options) {
    set.positional(
        {.name = "IMAGE",
         .help =
             "a registry reference, oci:DIR[:TAG], or an archive: FILE, oci-archive:FILE[:TAG], "
             "docker-archive:FILE[:TAG], - for standard input"},
        options.image);
    add_registry_options(set, options.registry);
}

} // namespace

Subcommand resolve_command() {
    return make_subcommand(kDoc, &add_options, &run_resolve);
}

} // namespace bulla::cli::oci
