// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/core/clock.hpp"
#include "base/http/http_client.hpp"

#include <chrono>
#include <cstdint>
#include <optional>

namespace bulla::http {

/// True for answers that say "later": 408, 429, 500, 502, 503, 504.
bool is_temporary(int status);

/// What Retry-After asks for (RFC 9110 section 10.2.3: seconds, or a date), never negative.
/// Nothing if there is no such header or it cannot be read.
std::optional<std::chrono::seconds> retry_after(const Response& response, Time now);

/// Whether a request may be sent again after an answer of `status`, or after a broken connection
/// (nothing). A body that is read once cannot be; a POST without one is only if the server says
/// that it did nothing (429, 503).
bool is_repeatable(const Request& request, std::optional<int> status);

/// The pause before attempt `attempt` (1 is the first repetition): `first` doubled each time, plus
/// up to a quarter that spreads clients apart, taken from `seed`.
std::chrono::milliseconds
pause_before(int attempt, std::chrono::milliseconds first, std::uint64_t seed);

} // namespace bulla::http
