// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "oci/store/registry_repository.hpp"

namespace bulla::oci {

enum class LoginCheck : std::uint8_t {
    accepted,  ///< asked for, and good
    not_asked, ///< the registry lets everybody in as far as one can see
};

/// Asks a registry whether it takes a user name and password (distribution-spec "Determining
/// Support", with the token service that it names if it wants tokens). `registry` is one of
/// Reference::parse_registry. `options.credentials` is not used. Errors are unavailable: refused,
/// or nobody could be asked; and configuration for a way over which passwords are not sent.
Result<LoginCheck>
check_login(const Reference& registry, const Login& login, const RegistryOptions& options);

} // namespace bulla::oci
