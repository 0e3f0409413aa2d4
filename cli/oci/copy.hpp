// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/common/app.hpp"

#include <string>

namespace bulla::cli::oci {

struct CopyOptions {
    std::string source;
    std::string destination;
    RegistryOptions registry;
    bool recursive = false;
};

/// bulla-oci copy: copies an image, byte for byte, with or without its evidence.
Subcommand copy_command();

Result<ExitCode> run_copy(const CopyOptions& options, Context& context);

} // namespace bulla::cli::oci
