// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <thread>

namespace bulla::test {

/// A server on a free port of 127.0.0.1 that accepts connections, lets them stand, and sends each
/// of them the same bytes whatever it is asked: `at_once`, then `drop_by_drop`, a byte every 50
/// milliseconds. Without bytes it is a server that says nothing, which also holds up a TLS
/// handshake.
class SilentServer {
  public:
    explicit SilentServer(std::string at_once = {}, std::string drop_by_drop = {});
    ~SilentServer();
    SilentServer(const SilentServer&) = delete;
    SilentServer& operator=(const SilentServer&) = delete;

    /// "127.0.0.1:PORT".
    std::string host() const { return "127.0.0.1:" + std::to_string(port_); }

    /// Connections that were accepted.
    std::size_t connections() const { return accepted_; }

  private:
    void serve();

    std::string at_once_;
    std::string drop_by_drop_;
    int listener_ = -1;
    std::uint16_t port_ = 0;
    std::atomic<std::size_t> accepted_ = 0;
    std::atomic<bool> stopping_ = false;
    std::thread thread_;
};

} // namespace bulla::test
