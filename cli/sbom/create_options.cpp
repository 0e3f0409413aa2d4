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
    .summary = "list the packages of an image as an SBOM",
    .description =
        "Reads every layer once, verifies it against its digest, and lists the packages that the "
        "merged file tree holds. Nothing is unpacked and nothing in the image is run.\n\n"
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
    set.positional({.name = "IMAGE", .help = "a registry reference, or oci:DIR[:TAG]"},
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
