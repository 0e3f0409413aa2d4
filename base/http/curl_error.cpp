// SPDX-License-Identifier: Apache-2.0
#include "base/http/curl_error.hpp"

#include "base/core/text.hpp"
#include "base/http/url.hpp"

#include <curl/curl.h>

#include <cstdlib>
#include <string>

namespace bulla::http {

namespace {

Error unavailable(std::string message, std::string_view detail) {
    Error error{ErrorCode::unavailable, std::move(message)};
    if (!detail.empty()) {
        return std::move(error).with("cause", text::printable(detail.substr(0, 300)));
    }
    return error;
}

Error untrusted_certificate(const std::string& host, std::string_view detail) {
    const char* const configured = std::getenv("SSL_CERT_FILE");
    auto error = unavailable("the TLS certificate of " + host + " is not trusted", detail);
    if (configured != nullptr && *configured != '\0') {
        return std::move(error)
            .with("SSL_CERT_FILE", text::printable(configured))
            .with_hint("that file must hold the certificate authority that signed the certificate "
                       "of " +
                       host);
    }
    return std::move(error).with_hint("if " + host +
                                      " uses a private certificate authority, name its "
                                      "certificate with SSL_CERT_FILE=/path/to/ca.pem");
}

} // namespace

Error explain_failure(int code, std::string_view raw_host, std::string_view detail) {
    const std::string host = text::printable(raw_host);
    switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
        return unavailable("the host name " + host + " cannot be found", detail);
    case CURLE_COULDNT_RESOLVE_PROXY:
        return unavailable("the proxy for " + host + " cannot be found", detail)
            .with_hint("check HTTPS_PROXY, http_proxy and NO_PROXY");
    case CURLE_COULDNT_CONNECT:
        return unavailable("cannot connect to " + host, detail);
    case CURLE_OPERATION_TIMEDOUT:
        return unavailable(host + " did not answer in time", detail); // or not fast enough
    case CURLE_PEER_FAILED_VERIFICATION:
        return untrusted_certificate(host, detail);
    case CURLE_SSL_CONNECT_ERROR:
        return unavailable("no TLS connection with " + host + " could be made", detail)
            .with_hint("if the registry speaks plain http, ask for it with --plain-http");
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_CERTPROBLEM:
        return unavailable("the certificates to check " + host + " with cannot be read", detail)
            .with_hint("install ca-certificates, or correct SSL_CERT_FILE and SSL_CERT_DIR");
    case CURLE_PARTIAL_FILE:
    case CURLE_RECV_ERROR:
    case CURLE_SEND_ERROR:
    case CURLE_GOT_NOTHING:
        return unavailable(
            "the connection with " + host + " broke before the transfer was complete", detail);
    default:
        return unavailable("the exchange with " + host + " failed", detail);
    }
}

bool may_succeed_later(int code, std::string_view host) {
    switch (code) {
    case CURLE_COULDNT_CONNECT: // nobody else is between us and our own machine
        return !is_private_host(host);
    case CURLE_OPERATION_TIMEDOUT:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_GOT_NOTHING:
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
    case CURLE_PARTIAL_FILE:
        return true;
    default:
        return false;
    }
}

} // namespace bulla::http
