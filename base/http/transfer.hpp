// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/core/result.hpp"
#include "base/http/http_client.hpp"

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <string>

namespace bulla::http {

/// What one exchange and its two parties share: the caller's thread fills `upload` and empties
/// `download`, the network thread does the reverse. Every member below `mutex` is guarded by it.
struct Transfer {
    // Set before the exchange starts, constant afterwards.
    std::string method;
    std::string url;
    std::string host;
    std::string peer; ///< host and port, for messages
    Headers headers{};
    Bytes
        body{}; ///< a copy: the server may answer, and the request go, while it is still being sent
    bool streams_upload = false;
    std::optional<std::uint64_t> upload_size = 0;          ///< nothing: until upload_complete
    std::optional<std::chrono::milliseconds> time_limit{}; ///< for everything
    std::chrono::milliseconds connect_limit{limits::kConnectTimeout};
    std::chrono::seconds stall_limit{limits::kStallTime};
    std::string user_agent{};
    bool whole_body = false; ///< the caller is woken once, by the end, where nothing hinders it

    mutable std::mutex mutex{};
    std::condition_variable_any changed{};
    int status = 0;
    Headers response_headers{};
    std::uint64_t header_bytes = 0;
    /// When the connection stood and the request went out; queueing for a connection is no silence.
    std::optional<std::chrono::steady_clock::time_point> sent{};
    bool head_complete = false;
    bool finished = false;
    bool abandoned = false; ///< nobody waits for it any more
    std::optional<Error> failure{};
    bool repeatable_failure = false; ///< the kind that another attempt may not meet
    bool silent_failure = false;     ///< time ran out
    Bytes download{};
    std::size_t download_start = 0; ///< what is before was taken
    bool download_paused = false;
    Bytes upload{};
    std::size_t upload_start = 0;
    bool upload_paused = false;
    bool upload_complete = false; ///< nothing is added to `upload` any more
    std::uint64_t uploaded = 0;

    /// Whether the caller can do something: the end has come, a head that he waits for (redirects
    /// are followed without their body), or a body that waits to be taken. The caller holds the
    /// lock.
    bool has_news() const {
        const bool redirect = status >= 300 && status < 400;
        return finished || (head_complete && (!whole_body || redirect || download_paused));
    }
};

/// A body is not read from the socket while this much of it waits for the caller.
inline constexpr std::size_t kWindowBytes = 1024 * 1024;

} // namespace bulla::http
