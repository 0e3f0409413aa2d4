// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/core/error.hpp"

#include <cstdint>
#include <span>
#include <string_view>

namespace bulla::cli {

/// How every binary ends. Numbers are part of the interface and frozen by a test; scripts branch on
/// them.
enum class ExitCode : std::uint8_t {
    done = 0,
    denied = 1,
    usage = 2,
    bad_input = 3,
    unavailable = 4,
    untrusted = 5,
    no_signature = 6,
    partial = 7,
    internal = 70,
    interrupted = 130,
    terminated = 143,
};

/// Every exit code, in the order of their numbers: what man pages list.
std::span<const ExitCode> all_exit_codes();

/// One line for help and man pages: "input missing or malformed".
std::string_view meaning(ExitCode code);

/// The exit code of a run that ends with this error.
ExitCode exit_code_of(ErrorCode code);

/// Which of two causes decides how the run ends: the first of 70, 2, 3, 4, 7, 5, 6, 1 wins, and
/// anything wins over `done`. An interruption wins over everything.
ExitCode worse_of(ExitCode a, ExitCode b);

} // namespace bulla::cli
