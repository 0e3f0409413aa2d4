// SPDX-License-Identifier: Apache-2.0
#include "tests/support/http_server.hpp"

#include "base/core/text.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <stdexcept>

namespace bulla::test {

namespace {

void send_all(int fd, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t count = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (count <= 0) {
            return; // the client hung up, which some tests want
        }
        bytes.remove_prefix(static_cast<std::size_t>(count));
    }
}

/// The content of a body in chunks (RFC 9112 section 7.1) and where it ends, if it is there whole.
std::optional<std::pair<std::string, std::size_t>> whole_chunks(std::string_view received) {
    std::string content;
    std::size_t at = 0;
    while (true) {
        const auto line = received.find("\r\n", at);
        if (line == std::string_view::npos) {
            return std::nullopt;
        }
        const std::size_t size =
            std::stoul(std::string(received.substr(at, line - at)), nullptr, 16);
        at = line + 2 + size + 2;
        if (received.size() < at) {
            return std::nullopt;
        }
        if (size == 0) {
            return std::pair(std::move(content), at);
        }
        content += received.substr(line + 2, size);
    }
}

/// Takes one whole request from the front of `received`, if it is there.
std::optional<HttpRequest> take_request(std::string& received) {
    const auto end = received.find("\r\n\r\n");
    if (end == std::string::npos) {
        return std::nullopt;
    }
    HttpRequest out;
    std::string_view head(received.data(), end);
    std::string_view line = text::trim(text::take_until(head, '\n'));
    out.method = std::string(text::take_until(line, ' '));
    out.target = std::string(text::take_until(line, ' '));
    while (!head.empty()) {
        std::string_view value = text::trim(text::take_until(head, '\n'));
        const std::string name(text::trim(text::take_until(value, ':')));
        out.headers.emplace_back(name, text::trim(value));
    }
    if (text::equal_ignoring_case(out.header("Transfer-Encoding"), "chunked")) {
        auto chunks = whole_chunks(std::string_view(received).substr(end + 4));
        if (!chunks) {
            return std::nullopt;
        }
        out.body = std::move(chunks->first);
        received.erase(0, end + 4 + chunks->second);
        return out;
    }
    const std::size_t length =
        static_cast<std::size_t>(text::parse_unsigned(out.header("Content-Length")).value_or(0));
    if (received.size() < end + 4 + length) {
        return std::nullopt;
    }
    out.body = received.substr(end + 4, length);
    received.erase(0, end + 4 + length);
    return out;
}

} // namespace

std::string HttpRequest::header(std::string_view name) const {
    for (const auto& [key, value] : headers) {
        if (text::equal_ignoring_case(key, name)) {
            return value;
        }
    }
    return {};
}

HttpServer::HttpServer(Handler handler) : handler_(std::move(handler)) {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    auto* const generic = reinterpret_cast<sockaddr*>(&address); // NOLINT: the socket interface
    std::array<int, 2> ends{};
    if (::bind(listener_, generic, length) != 0 || ::listen(listener_, 64) != 0 ||
        ::getsockname(listener_, generic, &length) != 0 || ::pipe(ends.data()) != 0) {
        throw std::runtime_error("cannot listen on the loopback interface");
    }
    port_ = ntohs(address.sin_port);
    wake_read_ = ends[0];
    wake_write_ = ends[1];
    thread_ = std::thread([this] { serve(); });
}

HttpServer::~HttpServer() {
    ::close(wake_write_);
    thread_.join();
    ::close(wake_read_);
    ::close(listener_);
}

std::vector<HttpRequest> HttpServer::requests() const {
    const std::lock_guard lock(mutex_);
    return requests_;
}

std::size_t HttpServer::count(std::string_view line) const {
    const std::lock_guard lock(mutex_);
    return static_cast<std::size_t>(std::ranges::count_if(
        requests_, [&](const HttpRequest& request) { return request.line() == line; }));
}

bool HttpServer::answer(Connection& connection, HttpRequest request) {
    {
        const std::lock_guard lock(mutex_);
        requests_.push_back(request);
    }
    const HttpReply reply = handler_(request);
    if (!reply.raw.empty()) {
        send_all(connection.fd, reply.raw);
        return false;
    }
    std::string out = "HTTP/1.1 " + std::to_string(reply.status) + " Answer\r\n";
    for (const auto& [name, value] : reply.headers) {
        out += name + ": " + value + "\r\n";
    }
    if (reply.status != 204) {
        out += "Content-Length: " +
               std::to_string(reply.announced_length.value_or(reply.body.size())) + "\r\n";
    }
    out += "\r\n";
    if (request.method != "HEAD") {
        out += reply.body;
    }
    send_all(connection.fd, out);
    return !reply.close &&
           !(reply.announced_length && *reply.announced_length > reply.body.size() &&
             request.method != "HEAD");
}

bool HttpServer::serve_connection(Connection& connection) {
    std::array<char, 65536> block{};
    const ssize_t count = ::recv(connection.fd, block.data(), block.size(), 0);
    if (count <= 0) {
        return false;
    }
    connection.received.append(block.data(), static_cast<std::size_t>(count));
    while (auto request = take_request(connection.received)) {
        if (!answer(connection, std::move(*request))) {
            return false;
        }
    }
    return true;
}

void HttpServer::serve() {
    std::vector<Connection> connections;
    while (true) {
        std::vector<pollfd> waiting = {{wake_read_, POLLIN, 0}, {listener_, POLLIN, 0}};
        for (const Connection& connection : connections) {
            waiting.push_back({connection.fd, POLLIN, 0});
        }
        ::poll(waiting.data(), waiting.size(), -1);
        if (waiting[0].revents != 0) {
            break;
        }
        for (std::size_t i = connections.size(); i-- > 0;) {
            if (waiting[i + 2].revents != 0 && !serve_connection(connections[i])) {
                ::close(connections[i].fd);
                connections.erase(connections.begin() + static_cast<std::ptrdiff_t>(i));
            }
        }
        if (waiting[1].revents != 0) {
            if (const int fd = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC); fd >= 0) {
                ++accepted_;
                connections.push_back({fd});
            }
        }
    }
    for (const Connection& connection : connections) {
        ::close(connection.fd);
    }
}

} // namespace bulla::test
