// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/common/app.hpp"

#include <string>

namespace bulla::cli::oci {

struct InspectOptions {
    std::string image;
    RegistryOptions registry;
    bool raw = false;
};

/// bulla-oci inspect: shows a manifest or index.
Subcommand inspect_command();

Result<ExitCode> run_inspect(const InspectOptions& options, Context& context);

} // namespace bulla::cli::oci
