// SPDX-License-Identifier: Apache-2.0
#include "cli/common/exit_code.hpp"
#include "tests/support/catch.hpp"

#include <string>
#include <utility>
#include <vector>

namespace bulla::cli {

TEST_CASE("exit codes: the numbers never change", "[cli][exit]") {
    std::vector<int> numbers;
    for (const auto code : all_exit_codes()) {
        numbers.push_back(static_cast<int>(code));
        CHECK_FALSE(meaning(code).empty());
    }
    CHECK(numbers == std::vector{0, 1, 2, 3, 4, 5, 6, 7, 70, 130, 143});
}

TEST_CASE("exit codes: each kind of error has its number", "[cli][exit]") {
    const std::vector<std::pair<ErrorCode, int>> table{
        {ErrorCode::usage, 2},
        {ErrorCode::configuration, 2},
        {ErrorCode::not_found, 3},
        {ErrorCode::malformed, 3},
        {ErrorCode::limit_exceeded, 3},
        {ErrorCode::integrity, 3},
        {ErrorCode::unsupported, 3},
        {ErrorCode::io, 3},
        {ErrorCode::unavailable, 4},
        {ErrorCode::denied, 1},
        {ErrorCode::untrusted, 5},
        {ErrorCode::no_signature, 6},
        {ErrorCode::partial, 7},
        {ErrorCode::cancelled, 130},
        {ErrorCode::internal, 70},
    };
    for (const auto& [code, number] : table) {
        CAPTURE(to_string(code));
        CHECK(static_cast<int>(exit_code_of(code)) == number);
    }
}

TEST_CASE("exit codes: of several causes the first of 70, 2, 3, 4, 7, 5, 6, 1 wins",
          "[cli][exit]") {
    const std::vector<int> order{70, 2, 3, 4, 7, 5, 6, 1, 0};
    for (std::size_t i = 0; i < order.size(); ++i) {
        for (std::size_t j = i; j < order.size(); ++j) {
            const auto worse = static_cast<ExitCode>(order[i]);
            const auto other = static_cast<ExitCode>(order[j]);
            CAPTURE(order[i], order[j]);
            CHECK(worse_of(worse, other) == worse);
            CHECK(worse_of(other, worse) == worse);
        }
    }
}

} // namespace bulla::cli
