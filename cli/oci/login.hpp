// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/common/app.hpp"

#include <string>

namespace bulla::cli::oci {

struct LoginOptions {
    std::string registry;
    std::string username;
    bool password_from_stdin = false;
    bool plain_http = false;
};

struct LogoutOptions {
    std::string registry;
};

/// bulla-oci login: checks a password with a registry and keeps it where other tools find it.
Subcommand login_command();

/// bulla-oci logout: forgets it.
Subcommand logout_command();

Result<ExitCode> run_login(const LoginOptions& options, Context& context);
Result<ExitCode> run_logout(const LogoutOptions& options, Context& context);

} // namespace bulla::cli::oci
