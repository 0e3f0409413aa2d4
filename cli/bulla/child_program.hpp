// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/core/result.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace bulla::cli {

/// How a program ended, and what it wrote.
struct ChildOutput {
    int exit = -1; ///< -1 if a signal ended it
    std::string out{};
    std::string err{};
};

/// Runs a program with the caller's environment and no input, and waits. It is ended after `limit`,
/// or when it has written more than limits::kReportBytes. Errors: not_found and io if it cannot be
/// started, unavailable over the time, limit_exceeded.
Result<ChildOutput> run_program(const std::string& path,
                                const std::vector<std::string>& arguments,
                                std::chrono::milliseconds limit);

} // namespace bulla::cli
