// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/http/network_thread.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>

namespace bulla::http {

using Deadline = std::chrono::steady_clock::time_point;

/// When waiting ends without what was waited for.
struct Patience {
    std::stop_token stop{};
    std::optional<Deadline> deadline{}; ///< of the whole client
    std::chrono::milliseconds notice_after{limits::kSilenceNotice};
    /// Called with host and port once a wait has taken that long. May be called from any thread and
    /// after the client is gone.
    std::function<void(const std::string& peer)> notice{};
};

/// The caller's side of one request and response, redirects not followed. Abandons what is
/// unfinished when it goes.
class Exchange {
  public:
    /// shared_ptr: a body may outlive the client that opened it.
    Exchange(std::shared_ptr<NetworkThread> network, Patience patience)
        : network_(std::move(network)), patience_(std::move(patience)) {}

    ~Exchange();
    Exchange(const Exchange&) = delete;
    Exchange& operator=(const Exchange&) = delete;

    /// Sends, uploading `body` if given, and waits for the head of the response, at most
    /// `head_limit` after the request went out. Without a limit the transfer's own ones end it.
    Status begin(std::shared_ptr<Transfer> transfer,
                 Reader* body,
                 std::optional<std::chrono::milliseconds> head_limit);

    /// Status and headers, once `begin` succeeded.
    Response head() const;

    /// The next bytes of the body; 0 is its proper end.
    Result<std::size_t> read(std::span<char> into);

    /// Reads what little is left, so that the connection can be used again.
    void drain();

    /// True if the failure that `begin` or `read` returned may not happen again.
    bool failure_is_repeatable() const;

    /// True if that failure is that nothing came, or too little, until the time was over.
    bool failure_is_silence() const;

  private:
    Status pump(Reader& body);
    Status offer(ByteView bytes);
    void complete_upload();
    Status interrupted() const;
    Error silence(std::chrono::milliseconds limit);
    Status wait_for_head(std::unique_lock<std::mutex>& lock,
                         std::optional<std::chrono::milliseconds> limit);

    template <class Ready>
    Status wait(std::unique_lock<std::mutex>& lock,
                Ready ready,
                std::optional<Deadline> limit = std::nullopt);

    std::shared_ptr<NetworkThread> network_;
    Patience patience_;
    std::shared_ptr<Transfer> transfer_{}; ///< shared with the network thread
    bool silent_ = false;                  ///< we, not the library, lost patience
};

} // namespace bulla::http
