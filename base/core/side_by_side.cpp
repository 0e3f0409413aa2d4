// SPDX-License-Identifier: Apache-2.0
#include "base/core/side_by_side.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

namespace bulla {

namespace {

class Turns {
  public:
    Turns(std::size_t count, const std::function<void(std::size_t)>& work)
        : count_(count), work_(work) {}

    void take() noexcept {
        try {
            for (std::size_t number = next_++; number < count_; number = next_++) {
                work_(number);
            }
        } catch (...) { // nothing may leave a thread
            const std::lock_guard lock(mutex_);
            if (!failure_) {
                failure_ = std::current_exception();
            }
        }
    }

    void rethrow() const {
        if (failure_) {
            std::rethrow_exception(failure_);
        }
    }

  private:
    std::size_t count_;
    const std::function<void(std::size_t)>& work_;
    std::atomic<std::size_t> next_ = 0;
    std::mutex mutex_;
    std::exception_ptr failure_;
};

} // namespace

void side_by_side(std::size_t count,
                  std::size_t width,
                  const std::function<void(std::size_t)>& work) {
    Turns turns(count, work);
    {
        std::vector<std::jthread> others;
        try {
            for (std::size_t i = 1; i < std::min(width, count); ++i) {
                others.emplace_back([&turns] { turns.take(); });
            }
        } catch (const std::system_error&) {
            // No more threads to be had: those there are do the work.
        }
        turns.take();
    }
    turns.rethrow();
}

} // namespace bulla
