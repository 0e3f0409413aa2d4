// SPDX-License-Identifier: Apache-2.0
#include "cli/sbom/create.hpp"

#include <array>

namespace bulla::cli::sbom {

namespace {

constexpr std::array kExamples = {
    Example{"in CI: list the packages of an image that was just pushed",
            "bulla-sbom create 127.0.0.1:5000/app:1 -o cyclonedx-json=sbom.json"},
    Example{"an image in a layout folder, as CycloneDX 1.6",
            "bulla-sbom create oci:build/image:latest -o cyclonedx-json@1.6=sbom.json"},
    Example{"an image of a container engine, through a pipe",
            "docker save app:1 | bulla-sbom create - -o cyclonedx-json=sbom.json"},
    Example{"what is installed in a folder", "bulla-sbom create dir:/srv/rootfs"},
    Example{"another platform of a multi-platform image",
            "bulla-sbom create --platform linux/arm64 127.0.0.1:5000/app:1"},
};

constexpr std::array kExits = {ExitCode::unavailable, ExitCode::partial};

constexpr std::array<std::string_view, 2> kVersions = {"1.7", "1.6"};

constexpr std::array kFormats = {
    OutputFormat{"cyclonedx-json", "CycloneDX in JSON (ECMA-424)", kVersions},
};

constexpr std::array kEnvironment = {
    EnvironmentVariable{"SOURCE_DATE_EPOCH", "the document's timestamp, in seconds since 1970"},
};

constexpr CommandDoc kDoc{
    .name = "create",
    .summary = "list the packages of an image or a folder as an SBOM",
    .description =
        "Reads every layer once, verifies it against its digest, and lists the packages that the "
        "merged file tree holds. Nothing is unpacked and nothing in the image is run.\n\n"
        "Archives are read in place; a compressed one, and one that comes through a pipe, is kept "
        "in an unlinked temporary file (TMPDIR) meanwhile. What `docker save` writes holds no "
        "manifest, and so the document names that image by its id, the digest of its config. A "
        "folder is named by its path as typed, and nothing outside of it is read.\n\n"
        "The same image under the same name gives the same bytes: the timestamp is "
        "SOURCE_DATE_EPOCH, else the image's own creation time, and the serial number is made from "
        "the content. A layer that an earlier run verified is "
        "taken from the cache; --no-cache reads it again.",
    .examples = kExamples,
    .exits = kExits,
    .environment = kEnvironment,
    .formats = kFormats,
};

void add_options(OptionSet& set, CreateOptions& options) {
    set.positional(
        {.name = "IMAGE",
         .help = "a registry reference, oci:DIR[:TAG], an archive (FILE, oci-archive:FILE[:TAG], "
                 "docker-archive:FILE[:TAG], - for standard input), or dir:FOLDER"},
        options.image);
    set.group("SBOM");
    set.flag({.name = "--strict",
              .help = "take nothing on trust: hash the inflated layers too, and exit 7 if anything "
                      "could not be read"},
             options.strict);
    set.group("Image");
    add_registry_options(set, options.registry);
}

} // namespace

Subcommand create_command() {
    return make_subcommand(kDoc, &add_options, &run_create);
}

} // namespace bulla::cli::sbom
