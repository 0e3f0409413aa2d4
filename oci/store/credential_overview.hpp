// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "oci/store/credentials.hpp"

#include <optional>
#include <string>
#include <vector>

namespace bulla::oci {

/// What one place has to say about credentials, without any secret.
struct CredentialOverview {
    struct Entry {
        std::string host;     ///< as it stands there: "ghcr.io", "https://index.docker.io/v1/"
        std::string kind;     ///< "password", "identity token", "registry token", "empty", "helper"
        std::string helper{}; ///< of kind helper: what follows "docker-credential-"
    };

    std::string place; ///< a path, or DOCKER_AUTH_CONFIG
    std::vector<Entry> entries{};
    std::string store{};            ///< credsStore: the helper that is asked about every registry
    std::optional<Error> problem{}; ///< why the place cannot be used
};

/// What one configuration file lists. Errors are configuration.
Result<CredentialOverview> list_config(ByteView json, std::string_view place);

/// The places that are there, in the order in which they are asked. No helper is run.
std::vector<CredentialOverview> list_credentials(const CredentialPlaces& places);

} // namespace bulla::oci
