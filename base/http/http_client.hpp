// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/core/bytes.hpp"
#include "base/core/limits.hpp"
#include "base/core/result.hpp"
#include "base/io/reader.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bulla::http {

/// A secret that is sent but never shown: to_string and every log print "***". Wiped on
/// destruction.
class Credential {
  public:
    Credential() = default;

    explicit Credential(std::string secret) : secret_(std::move(secret)) {}

    Credential(const Credential&) = default;
    Credential& operator=(const Credential&) = default;
    Credential(Credential&&) = default;
    Credential& operator=(Credential&&) = default;
    ~Credential();

    bool empty() const { return secret_.empty(); }

    /// The secret itself; the name is long so that its uses are easy to find.
    const std::string& reveal_secret() const { return secret_; }

  private:
    std::string secret_;
};

using Headers = std::vector<std::pair<std::string, std::string>>;

struct Request {
    std::string method = "GET";
    std::string url;
    Headers headers{};
    std::optional<Credential>
        authorization{};    ///< the value of the Authorization header; dropped on another origin
    Reader* body = nullptr; ///< not owned; read once
    std::uint64_t body_size = 0; ///< sent as Content-Length whenever the method has a body
    /// `open`: the body ends where the reader does, and is sent in chunks (RFC 9112 section 7.1).
    enum class BodyLength : std::uint8_t { announced, open } body_length = BodyLength::announced;
    Bytes body_bytes{}; ///< a small body instead of `body`; may be sent again on a retry
    std::uint64_t max_response_bytes = limits::kErrorBodyBytes; ///< of a buffered response
    std::chrono::seconds timeout = limits::kRequestTimeout;
    enum class Redirects : std::uint8_t { follow, return_response } redirects = Redirects::follow;
    /// Whether the request may be sent again when nothing came back: not worth it for a courtesy.
    enum class Silence : std::uint8_t { ask_again, give_up } silence = Silence::ask_again;
};

struct Response {
    int status = 0;
    Headers headers{};
    Bytes body{};          ///< of `send`; empty for `open`
    std::string final_url; ///< after redirects

    /// The first header of that name, compared without case.
    std::optional<std::string_view> header(std::string_view name) const;

    /// All headers of that name.
    std::vector<std::string_view> all_headers(std::string_view name) const;
};

/// A response whose body is read as it arrives.
struct StreamedResponse {
    Response head;
    std::unique_ptr<Reader> body; ///< an interrupted transfer is an error, never an early end
};

/// Sends requests. Any HTTP status is a Response; an Error is the lack of one
/// (ErrorCode::unavailable: name not found, connection refused, TLS not trusted, timeout, too many
/// redirects; limit_exceeded: response too large). 408, 429, 500, 502, 503 and 504 and broken
/// connections are tried again with growing pauses or as Retry-After says, as long as the request
/// can be repeated; the last response is returned. Who says nothing (limits::kAnswerTime) is asked
/// again within limits::kSilenceTime only, so that nobody waits for minutes. Messages and logs
/// contain no secrets. Safe for use from several threads.
class HttpClient {
  public:
    virtual ~HttpClient() = default;

    /// Sends and reads the whole response.
    virtual Result<Response> send(const Request& request) = 0;

    /// Sends and returns once the headers are there.
    virtual Result<StreamedResponse> open(const Request& request) = 0;
};

} // namespace bulla::http
