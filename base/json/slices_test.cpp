// SPDX-License-Identifier: Apache-2.0
#include "base/json/slices.hpp"
#include "tests/support/catch.hpp"

using namespace bulla;

TEST_CASE("json: slices give members byte by byte", "[base][json]") {
    const std::string text =
        R"( { "a" : [1.50, {"}":"\"]"}] , "n":12345678901234567890,"b\u0063":{ "x":"," }, "e":{} } )";
    const auto slices = test::value_of(json::slice_object(text));
    REQUIRE(slices.size() == 4);
    CHECK(json::find_slice(slices, "a") == R"([1.50, {"}":"\"]"}])");
    CHECK(json::find_slice(slices, "n") == "12345678901234567890");
    CHECK(json::find_slice(slices, "bc") == R"({ "x":"," })");
    CHECK(json::find_slice(slices, "e") == "{}");
    CHECK(json::find_slice(slices, "x").empty());
}

TEST_CASE("json: slicing checks the whole text first", "[base][json]") {
    CHECK(test::error_of(json::slice_object(R"({"a":{"b":1,"b":2}})")).code ==
          ErrorCode::malformed);
    CHECK(test::error_of(json::slice_object(R"({"a":1} x)")).code == ErrorCode::malformed);
    CHECK(test::error_of(json::slice_object(R"(["a"])")).code == ErrorCode::malformed);
    CHECK(test::value_of(json::slice_object("{}")).empty());
}
