// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/http/transfer.hpp"

#include <memory>
#include <mutex>
#include <thread>
#include <unordered_map>
#include <vector>

namespace bulla::http {

/// The one thread that talks to libcurl. It starts with the first exchange and ends with the
/// object; connections are kept and reused in between.
class NetworkThread {
  public:
    NetworkThread();
    ~NetworkThread();
    NetworkThread(const NetworkThread&) = delete;
    NetworkThread& operator=(const NetworkThread&) = delete;

    /// Begins an exchange. shared_ptr: caller and network thread let go of it independently.
    Status start(const std::shared_ptr<Transfer>& transfer);

    /// Tells that the caller took from `download` or added to `upload` while the other side was
    /// paused.
    void resume(const std::shared_ptr<Transfer>& transfer);

    /// Ends an exchange and returns when no callback of it can run any more.
    void abandon(const std::shared_ptr<Transfer>& transfer);

  private:
    struct Loop;
    std::once_flag started_;
    std::unique_ptr<Loop> loop_;
};

} // namespace bulla::http
