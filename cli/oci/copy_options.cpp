// SPDX-License-Identifier: Apache-2.0
#include "cli/images/evidence_place.hpp"
#include "cli/oci/copy.hpp"

#include <array>

namespace bulla::cli::oci {

namespace {

constexpr std::array kExamples = {
    Example{"in CI: publish a layout folder with its signatures and statements",
            "bulla-oci copy --recursive oci:build/image:1 127.0.0.1:5000/app:1"},
    Example{"keep an image and all its evidence in a folder",
            "bulla-oci copy --recursive 127.0.0.1:5000/app:1 oci:kept:1"},
    Example{"the same in one file, for a machine without a network",
            "bulla-oci copy --recursive 127.0.0.1:5000/app:1 oci-archive:app.tar:1"},
    Example{"publish what `docker save` wrote",
            "bulla-oci copy docker-archive:app.tar 127.0.0.1:5000/app:1"},
    Example{"one platform of an index",
            "bulla-oci copy --platform linux/arm64 127.0.0.1:5000/app:1 oci:arm:1"},
};

constexpr std::array kExits = {ExitCode::unavailable};

constexpr std::array kFormats = {
    OutputFormat{"text", "the copy's name with its digest"},
    OutputFormat{"json", "names, digest and what was sent (bulla.copy/1)"},
};

constexpr CommandDoc kDoc{
    .name = "copy",
    .summary = "copy an image between registries, layout folders and archives",
    .description =
        "Manifests and blobs keep their bytes, so digests and signatures stay valid. Every blob is "
        "verified on its way. An index is copied with all its images, unless --platform picks "
        "one.\n\n"
        "An archive that is written is the same, byte for byte, for the same image. What `docker "
        "save` wrote holds no manifest: one is made, the same every time, over the config and the "
        "layers as they are stored, so that the image keeps its id.\n\n"
        "What --recursive brings along is what is attached beside the source or, with "
        "--evidence-repository, what is there; it ends up beside the copy.",
    .examples = kExamples,
    .exits = kExits,
    .environment = kEvidenceEnvironment,
    .formats = kFormats,
};

void add_options(OptionSet& set, CopyOptions& options) {
    set.positional({.name = "SOURCE",
                    .help = "a registry reference, oci:DIR[:TAG], or an archive: FILE, "
                            "oci-archive:FILE[:TAG], docker-archive:FILE[:TAG], - for standard "
                            "input"},
                   options.source);
    set.positional({.name = "DESTINATION",
                    .help = "a registry reference, oci:DIR[:TAG] (a new folder is made), or "
                            "oci-archive:FILE[:TAG] (a file that is there is replaced)"},
                   options.destination);
    set.group("Copy");
    set.flag({.name = "-r,--recursive",
              .help = "with everything attached: signatures, statements, and what is attached to "
                      "those"},
             options.recursive);
    add_registry_options(set, options.registry);
    add_evidence_option(set, options.registry);
}

} // namespace

Subcommand copy_command() {
    return make_subcommand(kDoc, &add_options, &run_copy);
}

} // namespace bulla::cli::oci
