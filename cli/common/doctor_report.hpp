// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/core/bytes.hpp"
#include "base/core/result.hpp"
#include "cli/common/exit_code.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace bulla::cli {

/// One thing that was looked at.
struct Finding {
    enum class Level : std::uint8_t {
        ok,
        note,    ///< worth knowing; no command fails because of it
        problem, ///< would make a command fail
    };

    std::string check{}; ///< "tls": a lower-case word
    Level level = Level::ok;
    std::string text{};        ///< what was found, one line
    std::vector<Fact> facts{}; ///< details
    std::string hint{};        ///< what to type; a problem always has one
};

/// Denied if there is a problem.
ExitCode exit_of(std::span<const Finding> findings);

/// For people: a line for each finding, facts and hint below it.
std::string findings_text(std::span<const Finding> findings);

/// The schema bulla.doctor/1.
std::string findings_json(std::span<const Finding> findings);

/// Reads what findings_json wrote, in this program or another of ours. malformed, limit_exceeded
/// (over limits::kReportBytes).
Result<std::vector<Finding>> parse_findings(ByteView json);

} // namespace bulla::cli
