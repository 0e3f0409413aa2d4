// SPDX-License-Identifier: Apache-2.0
#include "base/core/side_by_side.hpp"
#include "tests/support/catch.hpp"

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <stdexcept>
#include <vector>

using namespace bulla;

TEST_CASE("side by side: every number is worked on once", "[base][side_by_side]") {
    for (const std::size_t width : {std::size_t{0}, std::size_t{1}, std::size_t{3}}) {
        std::vector<int> calls(10, 0);
        side_by_side(calls.size(), width, [&](std::size_t number) { ++calls[number]; });
        CHECK(calls == std::vector<int>(10, 1));
    }
    side_by_side(0, 4, [](std::size_t) { FAIL("there is nothing to do"); });
}

TEST_CASE("side by side: as many as asked for run at a time, and not more",
          "[base][side_by_side]") {
    std::mutex mutex;
    std::condition_variable changed;
    std::size_t running = 0;
    std::size_t most = 0;
    std::size_t met = 0;
    side_by_side(4, 2, [&](std::size_t) {
        std::unique_lock lock(mutex);
        most = std::max(most, ++running);
        ++met;
        changed.notify_all();
        // Each of the first pair waits for the other: one at a time would never end.
        changed.wait(lock, [&] { return met >= 2; });
        --running;
    });
    CHECK(most == 2);
}

TEST_CASE("side by side: an exception of one call comes out after the others ended",
          "[base][side_by_side]") {
    std::atomic<int> ended = 0;
    const auto run = [&] {
        side_by_side(2, 2, [&](std::size_t number) {
            if (number == 0) {
                throw std::runtime_error("broken");
            }
            ++ended;
        });
    };
    CHECK_THROWS_AS(run(), std::runtime_error);
    CHECK(ended == 1);
}
