// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/core/logger.hpp"
#include "base/http/http_client.hpp"
#include "oci/reference/reference.hpp"
#include "oci/store/credentials.hpp"
#include "oci/store/repository.hpp"

#include <cstdint>
#include <memory>

namespace bulla::oci {

enum class PlainHttp : std::uint8_t {
    loopback_only, ///< http is tried on this machine only (and https there if http is not spoken)
    allowed,       ///< `--plain-http`: http, and no credentials over it except on this machine
};

/// What a registry is reached with; everything must outlive the repository.
struct RegistryOptions {
    http::HttpClient& client;
    CredentialSource& credentials;
    PlainHttp plain_http = PlainHttp::loopback_only;
    Logger* logger = nullptr;
};

/// One repository of a registry (distribution-spec 1.1). Nothing is asked before the first call.
/// Authentication is answered as the registry demands: Basic, or Bearer tokens, which are kept and
/// renewed. 404 is not_found; 401, 403, 429, 5xx and everything unexpected are unavailable.
Result<std::unique_ptr<Repository>> open_registry(const Reference& reference,
                                                  const RegistryOptions& options);

/// Cancels the uploads that are on their way in this process, each with one short request through
/// `client`, and lets no new one begin. For the end of an interrupted run, from an ordinary thread;
/// failures are ignored.
void abort_uploads(http::HttpClient& client);

} // namespace bulla::oci
