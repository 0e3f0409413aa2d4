// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/common/app.hpp"

#include <string>

namespace bulla::cli::sbom {

struct CreateOptions {
    std::string image;
    RegistryOptions registry;
    bool strict = false;
};

/// bulla-sbom create: reads an image and writes down what is in it.
Subcommand create_command();

Result<ExitCode> run_create(const CreateOptions& options, Context& context);

} // namespace bulla::cli::sbom
