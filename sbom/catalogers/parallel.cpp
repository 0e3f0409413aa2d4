// SPDX-License-Identifier: Apache-2.0
#include "sbom/catalogers/parallel.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

namespace bulla::sbom {

void for_each_index(std::size_t count,
                    unsigned threads,
                    const std::function<void(std::size_t)>& work) {
    std::atomic<std::size_t> next{0};
    std::exception_ptr failure;
    std::once_flag failed;
    const auto run = [&] {
        try {
            for (std::size_t i = next++; i < count; i = next++) {
                work(i);
            }
        } catch (...) {
            std::call_once(failed, [&] { failure = std::current_exception(); });
        }
    };
    {
        std::vector<std::jthread> others;
        try {
            for (std::size_t i = 1; i < std::min<std::size_t>(threads, count); ++i) {
                others.emplace_back(run);
            }
        } catch (const std::system_error&) {
            run(); // no more threads to be had: those there are do the work
        }
        run();
    }
    if (failure) {
        std::rethrow_exception(failure);
    }
}

} // namespace bulla::sbom
