// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/core/logger.hpp"
#include "base/http/http_client.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

namespace bulla::http {

enum class Network : std::uint8_t {
    online,
    offline, ///< every request fails with unavailable before a socket is opened
};

struct ClientOptions {
    std::string user_agent = "bulla"; ///< "bulla/VERSION"
    Network network = Network::online;
    /// Not owned. One debug line for each request, without secrets; and a line that says whom we
    /// wait for once that takes long.
    Logger* logger = nullptr;
    /// Everything the client does, counted from its making; what is still running then fails.
    std::optional<std::chrono::seconds> total_timeout{};
    /// Stops waiting, sleeping and transferring; what was running fails with cancelled.
    std::stop_token stop{};
    int retries = limits::kRetries;
    /// The first pause before another attempt; the next ones double.
    std::chrono::milliseconds first_pause{250};

    /// How long silence is borne, see limits.hpp; shorter in tests.
    struct SilenceLimits {
        std::chrono::milliseconds connect{limits::kConnectTimeout};
        std::chrono::milliseconds answer{limits::kAnswerTime};
        std::chrono::seconds stall{limits::kStallTime};
        std::chrono::milliseconds repeat{limits::kSilenceTime};
        std::chrono::milliseconds notice{limits::kSilenceNotice};
    } silence{};
};

/// The client that every binary uses. One network thread owns all connections and is started by
/// the first request, so that making a client costs nothing. HTTP/1.1: blobs come from object
/// stores that speak nothing else, a paused body stops its own socket, and small calls reuse the
/// connection anyway. Certificates: the system's, or what SSL_CERT_FILE and SSL_CERT_DIR name.
/// Proxies: HTTPS_PROXY, http_proxy and NO_PROXY. Redirects are followed here, at most
/// limits::kRedirects; Authorization and Cookie stay behind when scheme, host or port change
/// (check_hop says what is refused). Bodies are never decoded: digests are over stored bytes.
std::unique_ptr<HttpClient> make_curl_client(ClientOptions options = {});

} // namespace bulla::http
