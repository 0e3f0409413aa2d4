// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/common/app.hpp"

#include <string>
#include <vector>

namespace bulla::cli::oci {

struct AttachOptions {
    std::string image;
    std::vector<std::string> files;
    std::string type;
    std::vector<std::string> annotations;
    RegistryOptions registry;
};

/// bulla-oci attach: stores files beside an image.
Subcommand attach_command();

Result<ExitCode> run_attach(const AttachOptions& options, Context& context);

} // namespace bulla::cli::oci
