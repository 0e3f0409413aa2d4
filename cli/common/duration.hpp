// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/core/result.hpp"

#include <chrono>
#include <string_view>

namespace bulla::cli {

/// Parses a time as Go's tools take it: "30s", "5m", "1h30m", "500ms"; whole numbers only. Usage
/// errors: no unit, zero, over 30 days.
Result<std::chrono::milliseconds> parse_duration(std::string_view text);

/// Parses a count of at least one: "--jobs 4". Usage errors: anything else, over `most`.
Result<unsigned> parse_count(std::string_view text, unsigned most);

} // namespace bulla::cli
