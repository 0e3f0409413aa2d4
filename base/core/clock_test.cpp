// SPDX-License-Identifier: Apache-2.0
#include "base/core/clock.hpp"
#include "tests/support/catch.hpp"

#include <cstdlib>

using namespace bulla;

namespace {
Time at(std::int64_t seconds) {
    return Time(std::chrono::seconds(seconds));
}
} // namespace

TEST_CASE("rfc3339: known moments both ways", "[base][clock]") {
    CHECK(to_rfc3339(at(0)) == "1970-01-01T00:00:00Z");
    CHECK(to_rfc3339(at(1767323045)) == "2026-01-02T03:04:05Z");
    CHECK(parse_rfc3339("2026-01-02T03:04:05Z") == at(1767323045));
    CHECK(parse_rfc3339("2026-01-02T05:04:05.999+02:00") == at(1767323045));
    CHECK(parse_rfc3339("0001-01-01T00:00:00Z") == at(-62135596800));
}

TEST_CASE("rfc3339: text that is not a moment is nothing", "[base][clock]") {
    for (const auto* text : {"",
                             "2026-01-02",
                             "2026-02-30T00:00:00Z",
                             "2026-01-02T24:00:00Z",
                             "2026-01-02T03:04:05",
                             "2026-01-02T03:04:05.Z",
                             "2026-01-02T03:04:05+2",
                             "2026-01-02 03:04:05Z",
                             "2026-01-02T03:04:05Zx"}) {
        CAPTURE(text);
        CHECK_FALSE(parse_rfc3339(text).has_value());
    }
}

TEST_CASE("source_date_epoch: a number is a time, nothing is none, anything else is an error",
          "[base][clock]") {
    setenv("SOURCE_DATE_EPOCH", "1767323045", 1);
    CHECK(test::value_of(source_date_epoch()) == at(1767323045));
    setenv("SOURCE_DATE_EPOCH", "yesterday", 1);
    CHECK(test::error_of(source_date_epoch()).code == ErrorCode::configuration);
    setenv("SOURCE_DATE_EPOCH", "253402300800", 1);
    CHECK(test::error_of(source_date_epoch()).code == ErrorCode::configuration);
    unsetenv("SOURCE_DATE_EPOCH");
    CHECK(test::value_of(source_date_epoch()) == std::nullopt);
}
