// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "oci/store/registry_repository.hpp"

#include <string>

namespace bulla::oci {

/// What a registry answers to the question whether it is one (distribution-spec end-1, GET /v2/).
struct RegistryAnswer {
    std::string url;        ///< what was asked: "https://ghcr.io/v2/"
    int status = 0;         ///< 200; 401 or 403 if it wants other credentials than there are
    bool had_login = false; ///< credentials for it were found
};

/// Asks, authenticating as the registry demands. Unavailable if nothing answers or what answers is
/// no registry; configuration if the credentials cannot be read.
Result<RegistryAnswer> ping_registry(const Reference& reference, const RegistryOptions& options);

} // namespace bulla::oci
