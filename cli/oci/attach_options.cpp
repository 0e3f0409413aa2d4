// SPDX-License-Identifier: Apache-2.0
#include "cli/oci/attach.hpp"

#include <array>

namespace bulla::cli::oci {

namespace {

constexpr std::array kExamples = {
    Example{"in CI: keep a test report with the image it is about",
            "bulla-oci attach --type application/vnd.example.report 127.0.0.1:5000/app:1 "
            "report.json:application/json"},
    Example{"to an image in a layout folder",
            "bulla-oci attach --type text/markdown oci:build/image:1 NOTES.md:text/markdown"},
};

constexpr std::array kExits = {ExitCode::unavailable};

constexpr std::array kFormats = {
    OutputFormat{"text", "the digest of what was attached"},
    OutputFormat{"json", "digest, types and files (bulla.attach/1)"},
};

constexpr CommandDoc kDoc{
    .name = "attach",
    .summary = "store files beside an image",
    .description =
        "Writes a manifest that refers to the image and names the files, which `tree`, `copy "
        "--recursive` and other OCI tools find. Each file is titled by its name without folders, "
        "under which `oras pull` writes it.\n\n"
        "Nothing is signed; for statements that are, see `bulla-sign attest`. The same files give "
        "the same digest: a time is written only if SOURCE_DATE_EPOCH is set.",
    .examples = kExamples,
    .exits = kExits,
    .formats = kFormats,
};

void add_options(OptionSet& set, AttachOptions& options) {
    set.positional({.name = "IMAGE", .help = "a registry reference, or oci:DIR[:TAG]"},
                   options.image);
    set.positionals({.name = "FILE[:MEDIATYPE]",
                     .help = "a file and its type, application/octet-stream if none is given"},
                    options.files);
    set.group("Attachment");
    set.value({.name = "--type",
               .placeholder = "TYPE",
               .help = "the media type that says what is attached"},
              options.type,
              Need::required);
    set.list({.name = "-a,--annotation",
              .placeholder = "KEY=VALUE",
              .help = "an annotation of the attachment"},
             options.annotations);
    add_registry_options(set, options.registry);
}

} // namespace

Subcommand attach_command() {
    return make_subcommand(kDoc, &add_options, &run_attach);
}

} // namespace bulla::cli::oci
