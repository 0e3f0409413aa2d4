// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/common/app.hpp"

#include <string>

namespace bulla::cli::oci {

struct TreeOptions {
    std::string image;
    RegistryOptions registry;
};

/// bulla-oci tree: shows an image with everything attached to it.
Subcommand tree_command();

Result<ExitCode> run_tree(const TreeOptions& options, Context& context);

} // namespace bulla::cli::oci
