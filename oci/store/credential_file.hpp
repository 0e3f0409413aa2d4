// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "oci/store/credentials.hpp"

namespace bulla::oci {

/// What one configuration file says about a repository.
struct CredentialAnswer {
    std::string helper{};         ///< of credHelpers: decides alone
    std::string store{};          ///< of credsStore: asked before `login`
    std::string server{};         ///< what a helper is asked for
    std::optional<Login> login{}; ///< of auths
};

/// Reads a Docker or Podman configuration (config.json, auth.json). Keys may be hosts, URLs, or
/// hosts with a namespace, of which the longest that fits wins. `what` names the file in messages;
/// no message holds a secret. Errors are configuration.
Result<CredentialAnswer> find_in_config(ByteView json,
                                        std::string_view registry,
                                        std::string_view repository,
                                        std::string_view what);

/// The suffix of the helper that keeps the login for a whole registry, "" for none. What stands in
/// auths is not looked at: a damaged entry must not hinder its replacement.
Result<std::string>
find_helper_in_config(ByteView json, std::string_view registry, std::string_view what);

/// True if a key of auths names that registry as a whole, not a namespace in it, in any spelling.
bool names_registry(std::string_view key, std::string_view registry);

/// The name under which Docker's tools keep a registry: the registry, for Docker Hub a URL.
std::string server_of(std::string_view registry);

/// True for what may follow "docker-credential-" in the name of a program.
bool is_helper_suffix(std::string_view text);

} // namespace bulla::oci
