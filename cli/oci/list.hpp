// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/common/app.hpp"

#include <optional>
#include <string>

namespace bulla::cli::oci {

struct ListOptions {
    std::string repository;
    std::optional<std::string> filter;
    RegistryOptions registry;
};

/// bulla-oci list: prints the tags of a repository.
Subcommand list_command();

Result<ExitCode> run_list(const ListOptions& options, Context& context);

} // namespace bulla::cli::oci
