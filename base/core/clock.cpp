// SPDX-License-Identifier: Apache-2.0
#include "base/core/clock.hpp"

#include "base/core/text.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>

namespace bulla {

namespace {

constexpr std::int64_t kEndOfYear9999 = 253'402'300'799;

/// The number made of `count` digits at `offset`, or nothing.
std::optional<int> digits_at(std::string_view text, std::size_t offset, std::size_t count) {
    if (offset + count > text.size()) {
        return std::nullopt;
    }
    const auto value = text::parse_unsigned(text.substr(offset, count));
    if (!value) {
        return std::nullopt;
    }
    return static_cast<int>(*value);
}

/// The offset "Z" or "+hh:mm" as a duration, or nothing.
std::optional<std::chrono::minutes> parse_offset(std::string_view text) {
    if (text == "Z" || text == "z") {
        return std::chrono::minutes(0);
    }
    const bool shaped = text.size() == 6 && (text[0] == '+' || text[0] == '-') && text[3] == ':';
    const auto hours = digits_at(text, 1, 2);
    const auto minutes = digits_at(text, 4, 2);
    if (!shaped || !hours || !minutes || *hours > 23 || *minutes > 59) {
        return std::nullopt;
    }
    const std::chrono::minutes offset(*hours * 60 + *minutes);
    return text[0] == '-' ? -offset : offset;
}

} // namespace

Time SystemClock::now() const {
    return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

Result<std::optional<Time>> source_date_epoch() {
    const char* const value = std::getenv("SOURCE_DATE_EPOCH");
    if (value == nullptr || *value == '\0') {
        return std::optional<Time>();
    }
    const auto seconds = text::parse_unsigned(value);
    if (!seconds || *seconds > static_cast<std::uint64_t>(kEndOfYear9999)) {
        return Error{ErrorCode::configuration,
                     "SOURCE_DATE_EPOCH is not a number of seconds since 1970: \"" +
                         text::printable(value) + "\""}
            .with_hint(
                "set it with `export SOURCE_DATE_EPOCH=$(git log -1 --format=%ct)`, or unset it");
    }
    return std::optional<Time>(Time(std::chrono::seconds(static_cast<std::int64_t>(*seconds))));
}

std::string to_rfc3339(Time time) {
    constexpr std::int64_t kStartOfYear0 = -62'167'219'200;
    const Time clamped(std::chrono::seconds(
        std::clamp(time.time_since_epoch().count(), kStartOfYear0, kEndOfYear9999)));
    const auto day = std::chrono::floor<std::chrono::days>(clamped);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss clock(clamped - day);
    std::array<char, 64> buffer{};
    std::snprintf(buffer.data(),
                  buffer.size(),
                  "%04d-%02u-%02uT%02d:%02d:%02dZ",
                  static_cast<int>(date.year()),
                  static_cast<unsigned>(date.month()),
                  static_cast<unsigned>(date.day()),
                  static_cast<int>(clock.hours().count()),
                  static_cast<int>(clock.minutes().count()),
                  static_cast<int>(clock.seconds().count()));
    return buffer.data();
}

std::optional<Time> parse_rfc3339(std::string_view text) {
    if (text.size() < 20 || text[4] != '-' || text[7] != '-' ||
        (text[10] != 'T' && text[10] != 't') || text[13] != ':' || text[16] != ':') {
        return std::nullopt;
    }
    const auto year = digits_at(text, 0, 4);
    const auto month = digits_at(text, 5, 2);
    const auto day = digits_at(text, 8, 2);
    const auto hour = digits_at(text, 11, 2);
    const auto minute = digits_at(text, 14, 2);
    const auto second = digits_at(text, 17, 2);
    if (!year || !month || !day || !hour || !minute || !second || *hour > 23 || *minute > 59 ||
        *second > 60) {
        return std::nullopt;
    }
    std::size_t end = 19;
    if (text[end] == '.') {
        ++end;
        const auto first_digit = end;
        while (end < text.size() && text::is_digit(text[end])) {
            ++end;
        }
        if (end == first_digit) {
            return std::nullopt;
        }
    }
    const auto offset = parse_offset(text.substr(end));
    const std::chrono::year_month_day date{std::chrono::year(*year),
                                           std::chrono::month(static_cast<unsigned>(*month)),
                                           std::chrono::day(static_cast<unsigned>(*day))};
    if (!offset || !date.ok()) {
        return std::nullopt;
    }
    return std::chrono::sys_days(date) + std::chrono::hours(*hour) + std::chrono::minutes(*minute) +
           std::chrono::seconds(std::min(*second, 59)) - *offset;
}

} // namespace bulla
