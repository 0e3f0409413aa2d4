// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace bulla::test {

struct HttpRequest {
    std::string method;
    std::string target; ///< path and query
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;

    /// The first header of that name in any case, or "".
    std::string header(std::string_view name) const;

    /// "METHOD target", to compare with.
    std::string line() const { return method + " " + target; }
};

struct HttpReply {
    int status = 200;
    std::vector<std::pair<std::string, std::string>> headers{};
    std::string body{};
    std::optional<std::uint64_t> announced_length{}; ///< a Content-Length that lies
    bool close = false;                              ///< close the connection after the body
    std::string raw{};                               ///< sent instead of everything above
};

/// An HTTP/1.1 server on a free port of 127.0.0.1, in one thread, that answers as a function says.
/// Keeps what it was asked.
class HttpServer {
  public:
    using Handler = std::function<HttpReply(const HttpRequest&)>;

    explicit HttpServer(Handler handler);
    ~HttpServer();
    HttpServer(const HttpServer&) = delete;
    HttpServer& operator=(const HttpServer&) = delete;

    std::uint16_t port() const { return port_; }

    /// "127.0.0.1:PORT".
    std::string host() const { return "127.0.0.1:" + std::to_string(port_); }

    /// "http://127.0.0.1:PORT".
    std::string url() const { return "http://" + host(); }

    std::vector<HttpRequest> requests() const;

    /// How many requests had that line ("GET /x").
    std::size_t count(std::string_view line) const;

    /// Connections that were accepted.
    std::size_t connections() const { return accepted_; }

  private:
    struct Connection {
        int fd = -1;
        std::string received{};
    };

    void serve();
    bool serve_connection(Connection& connection);
    bool answer(Connection& connection, HttpRequest request);

    Handler handler_;
    int listener_ = -1;
    int wake_read_ = -1;
    int wake_write_ = -1;
    std::uint16_t port_ = 0;
    std::atomic<std::size_t> accepted_ = 0;
    mutable std::mutex mutex_;
    std::vector<HttpRequest> requests_; ///< guarded by mutex_
    std::thread thread_;
};

} // namespace bulla::test
