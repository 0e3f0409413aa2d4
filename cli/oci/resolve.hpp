// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/common/app.hpp"

#include <string>

namespace bulla::cli::oci {

struct ResolveOptions {
    std::string image;
    RegistryOptions registry;
};

/// bulla-oci resolve: prints the digest a name stands for.
Subcommand resolve_command();

Result<ExitCode> run_resolve(const ResolveOptions& options, Context& context);

} // namespace bulla::cli::oci
