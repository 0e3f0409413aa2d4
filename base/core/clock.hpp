// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/core/result.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace bulla {

/// A moment with the resolution of our documents: whole seconds since 1970 in UTC.
using Time = std::chrono::sys_seconds;

/// Where the time comes from. Passed to whoever needs it, so that tests and reproducible runs
/// decide what "now" is.
class Clock {
  public:
    virtual ~Clock() = default;
    virtual Time now() const = 0;
};

/// The time of the operating system.
class SystemClock final : public Clock {
  public:
    Time now() const override;
};

/// Always the same moment.
class FixedClock final : public Clock {
  public:
    explicit FixedClock(Time time) : time_(time) {}

    Time now() const override { return time_; }

  private:
    Time time_;
};

/// The moment in SOURCE_DATE_EPOCH (reproducible-builds.org specification: decimal seconds since
/// 1970), nothing if the variable is unset or empty. Anything else than a number below 253402300800
/// (year 10000) is a configuration error.
Result<std::optional<Time>> source_date_epoch();

/// RFC 3339 in UTC with whole seconds: "2026-01-02T03:04:05Z". Years outside 0-9999 are clamped.
std::string to_rfc3339(Time time);

/// Parses RFC 3339; a fraction is dropped, an offset is applied. Nothing if malformed.
std::optional<Time> parse_rfc3339(std::string_view text);

} // namespace bulla
