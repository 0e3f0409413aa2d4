// SPDX-License-Identifier: Apache-2.0
#include "oci/store/ping.hpp"

#include "oci/store/registry_session.hpp"

namespace bulla::oci {

Result<RegistryAnswer> ping_registry(const Reference& reference, const RegistryOptions& options) {
    RegistrySession session(reference, options);
    BULLA_TRY_ASSIGN(std::string url, session.url(""));
    // Of "https://host/v2/repository/" the part up to "/v2/": no host holds a slash.
    url.resize(url.find("/v2/") + 4);
    BULLA_TRY_ASSIGN(
        const Login login,
        options.credentials.find(reference.registry(), reference.repository(), Access::pull));
    http::Request request;
    request.url = url;
    BULLA_TRY_ASSIGN(const auto response, session.send(std::move(request), Access::pull));
    if (response.status != 200 && response.status != 401 && response.status != 403) {
        return session.error(response, "the registry at " + url);
    }
    return RegistryAnswer{url, response.status, !login.empty()};
}

} // namespace bulla::oci
