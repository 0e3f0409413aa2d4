// SPDX-License-Identifier: Apache-2.0
#include "tests/support/silent_server.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <stdexcept>
#include <utility>
#include <vector>

namespace bulla::test {

SilentServer::SilentServer(std::string at_once, std::string drop_by_drop)
    : at_once_(std::move(at_once)), drop_by_drop_(std::move(drop_by_drop)) {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    auto* const generic = reinterpret_cast<sockaddr*>(&address); // NOLINT: the socket interface
    if (::bind(listener_, generic, length) != 0 || ::listen(listener_, 16) != 0 ||
        ::getsockname(listener_, generic, &length) != 0) {
        throw std::runtime_error("cannot listen on the loopback interface");
    }
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { serve(); });
}

SilentServer::~SilentServer() {
    stopping_ = true;
    thread_.join();
    ::close(listener_);
}

void SilentServer::serve() {
    struct Connection {
        int fd;
        std::size_t dropped;
    };

    constexpr int kDropMilliseconds = 50;
    std::vector<Connection> connections;
    while (!stopping_) {
        pollfd waiting{listener_, POLLIN, 0};
        if (::poll(&waiting, 1, kDropMilliseconds) > 0) {
            if (const int fd = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC); fd >= 0) {
                ++accepted_;
                ::send(fd, at_once_.data(), at_once_.size(), MSG_NOSIGNAL);
                connections.push_back({fd, 0});
            }
            continue;
        }
        for (Connection& connection : connections) {
            if (connection.dropped < drop_by_drop_.size()) {
                ::send(connection.fd, &drop_by_drop_[connection.dropped++], 1, MSG_NOSIGNAL);
            }
        }
    }
    for (const Connection& connection : connections) {
        ::close(connection.fd);
    }
}

} // namespace bulla::test
