// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/core/logger.hpp"
#include "base/core/result.hpp"
#include "base/http/http_client.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bulla::oci {

/// What is known about one registry. At most one of password, identity_token and registry_token
/// decides: registry_token before identity_token before password.
struct Login {
    std::string username{};
    http::Credential password{};
    http::Credential identity_token{}; ///< to be exchanged for tokens (OAuth2 refresh token)
    http::Credential registry_token{}; ///< to be sent as it is

    bool empty() const {
        return username.empty() && password.empty() && identity_token.empty() &&
               registry_token.empty();
    }
};

enum class Access : std::uint8_t { pull, push };

/// Where credentials come from. Safe for use from several threads.
class CredentialSource {
  public:
    virtual ~CredentialSource() = default;

    /// The login for a repository; an empty one if there is none. `registry` is normalised
    /// ("docker.io"). Errors are configuration: an unreadable file, or, for Access::push, a
    /// credential helper that is not installed (a pull goes on without it, with a warning).
    virtual Result<Login>
    find(std::string_view registry, std::string_view repository, Access access) = 0;

    /// Where was looked, for hints: "~/.docker/config.json, …".
    virtual std::string places() const = 0;
};

/// The files that Docker's and Podman's tools write, in the order they are asked; the first that
/// has an entry for the repository wins.
struct CredentialPlaces {
    std::vector<std::string> files{};           ///< missing ones are passed over
    std::optional<std::string> required_file{}; ///< REGISTRY_AUTH_FILE: first
    std::optional<std::string> content{};       ///< DOCKER_AUTH_CONFIG: JSON, second
    std::optional<std::string> written_file{};  ///< where a login goes; nothing without a home

    /// REGISTRY_AUTH_FILE, DOCKER_AUTH_CONFIG, $DOCKER_CONFIG/config.json or
    /// ~/.docker/config.json, then auth.json below $XDG_RUNTIME_DIR/containers and
    /// $XDG_CONFIG_HOME/containers (or ~/.config/containers).
    static CredentialPlaces from_environment();
};

/// Reads the files when first asked, and runs credential helpers for the wanted registry only;
/// answers are remembered. `logger` may be null.
std::unique_ptr<CredentialSource> make_credential_source(CredentialPlaces places, Logger* logger);

/// No credentials at all.
std::unique_ptr<CredentialSource> make_anonymous_source();

} // namespace bulla::oci
