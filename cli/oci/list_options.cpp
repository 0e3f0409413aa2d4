// SPDX-License-Identifier: Apache-2.0
#include "cli/oci/list.hpp"

#include <array>

namespace bulla::cli::oci {

namespace {

constexpr std::array kExamples = {
    Example{"in CI: the releases of an application, for programs",
            "bulla-oci list --filter 'v1.*' -o json 127.0.0.1:5000/app"},
    Example{"the names in a layout folder", "bulla-oci list oci:build/image"},
};

constexpr std::array kExits = {ExitCode::unavailable};

constexpr std::array kFormats = {
    OutputFormat{"text", "a tag on each line"},
    OutputFormat{"json", "the repository and its tags (bulla.list/1)"},
};

constexpr CommandDoc kDoc{
    .name = "list",
    .summary = "print the tags of a repository",
    .description = "Sorted by bytes. In a layout folder, the names of its index.json. Tags that "
                   "hold signatures and lists of referrers (sha256-…) are tags like any other.",
    .examples = kExamples,
    .exits = kExits,
    .formats = kFormats,
};

void add_options(OptionSet& set, ListOptions& options) {
    set.positional({.name = "REPOSITORY", .help = "a repository without tag, or oci:DIR"},
                   options.repository);
    set.group("List");
    set.value(
        {.name = "--filter",
         .placeholder = "GLOB",
         .help = "only tags that match as a whole; * stands for any text, ? for one character"},
        options.filter);
    add_registry_options(set, options.registry, Platforms::all);
}

} // namespace

Subcommand list_command() {
    return make_subcommand(kDoc, &add_options, &run_list);
}

} // namespace bulla::cli::oci
