// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "oci/store/credentials.hpp"

#include <chrono>
#include <optional>
#include <string>

namespace bulla::oci {

/// True if `docker-credential-SUFFIX` is a program in PATH.
bool is_helper_installed(const std::string& suffix);

/// Runs `docker-credential-SUFFIX get` for a server (docker-credential-helpers protocol). Nothing
/// if the helper has no credentials for it. not_found if the program is not installed,
/// configuration if it fails, talks nonsense or takes longer than `limit`. What it says on standard
/// error is dropped, and its output is in no message.
Result<std::optional<Login>>
run_credential_helper(const std::string& suffix,
                      const std::string& server,
                      std::chrono::milliseconds limit = limits::kCredentialHelperTimeout);

/// Runs `docker-credential-SUFFIX store` and `erase`, with the errors of run_credential_helper.
/// Erasing what is not there is no error.
Status store_with_helper(const std::string& suffix,
                         const std::string& server,
                         const Login& login,
                         std::chrono::milliseconds limit = limits::kCredentialHelperTimeout);
Status erase_with_helper(const std::string& suffix,
                         const std::string& server,
                         std::chrono::milliseconds limit = limits::kCredentialHelperTimeout);

} // namespace bulla::oci
