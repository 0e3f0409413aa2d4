// SPDX-License-Identifier: Apache-2.0
#include "cli/common/duration.hpp"

#include "base/core/text.hpp"

#include <array>
#include <optional>
#include <utility>

namespace bulla::cli {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds kLongest = std::chrono::days(30);

struct Unit {
    std::string_view name;
    milliseconds length;
};

/// "ms" before "m", because the first that fits is taken.
constexpr std::array kUnits{
    Unit{"ms", milliseconds(1)},
    Unit{"s", std::chrono::seconds(1)},
    Unit{"m", std::chrono::minutes(1)},
    Unit{"h", std::chrono::hours(1)},
};

/// Takes "90s" off the front of `rest`.
std::optional<milliseconds> take_part(std::string_view& rest) {
    std::size_t digits = 0;
    while (digits < rest.size() && text::is_digit(rest[digits])) {
        ++digits;
    }
    const auto number = text::parse_unsigned(rest.substr(0, digits));
    rest.remove_prefix(digits);
    for (const auto& unit : kUnits) {
        if (number && *number <= static_cast<std::uint64_t>(kLongest.count()) &&
            rest.starts_with(unit.name)) {
            rest.remove_prefix(unit.name.size());
            return unit.length * static_cast<milliseconds::rep>(*number);
        }
    }
    return std::nullopt;
}

} // namespace

Result<milliseconds> parse_duration(std::string_view text) {
    const Error wrong{ErrorCode::usage,
                      "expected a time such as 30s, 5m or 1h30m, found \"" + text::printable(text) +
                          "\""};
    milliseconds total{0};
    std::string_view rest = text;
    do {
        const auto part = take_part(rest);
        if (!part || *part > kLongest) {
            return wrong;
        }
        total += *part;
    } while (!rest.empty() && total <= kLongest);
    if (total == milliseconds(0) || total > kLongest) {
        return wrong;
    }
    return total;
}

Result<unsigned> parse_count(std::string_view text, unsigned most) {
    const auto number = text::parse_unsigned(text);
    if (!number || *number == 0 || *number > most) {
        return Error{ErrorCode::usage,
                     "expected a number from 1 to " + std::to_string(most) + ", found \"" +
                         text::printable(text) + "\""};
    }
    return static_cast<unsigned>(*number);
}

} // namespace bulla::cli
