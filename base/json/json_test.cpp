// SPDX-License-Identifier: Apache-2.0
#include "base/json/json.hpp"
#include "tests/support/catch.hpp"

#include <array>

using namespace bulla;
using json::Document;

namespace {
Document parse(std::string_view text, const json::ParseOptions& options = {}) {
    return test::value_of(Document::parse(text, options));
}

ErrorCode refusal(std::string_view text, const json::ParseOptions& options = {}) {
    const auto code = test::error_of(Document::parse(text, options)).code;
    CHECK(test::error_of(json::validate(text, options)).code == code);
    return code;
}
} // namespace

TEST_CASE("json: values are reached through chained lookups", "[base][json]") {
    const auto document = parse(R"({"a":{"b":[1,"two",null,true,-3,1.5]}})");
    const auto list = document.root()["a"]["b"];
    CHECK(list.size() == 6);
    CHECK(list[0].integer() == 1);
    CHECK(list[1].string() == "two");
    CHECK(list[2].is_null());
    CHECK(list[3].boolean() == true);
    CHECK(list[4].integer() == -3);
    CHECK(list[5].number() == 1.5);
    CHECK_FALSE(list[5].integer().has_value());
}

TEST_CASE("json: a lookup that leads nowhere is nothing, not a crash", "[base][json]") {
    const auto document = parse(R"({"a":1})");
    CHECK_FALSE(static_cast<bool>(document.root()["x"]["y"][std::size_t{3}]));
    CHECK(document.root()["a"]["b"].string_or("none") == "none");
    CHECK(document.root()["a"].elements().empty());
}

TEST_CASE("json: members keep the order of the document", "[base][json]") {
    const auto document = parse(R"({"z":1,"a":2})");
    CHECK(document.root().members()[0].first == "z");
    CHECK(document.root().dump() == R"({"z":1,"a":2})");
}

TEST_CASE("json: a key that stands twice is refused unless asked otherwise", "[base][json]") {
    CHECK(refusal(R"({"a":1,"a":2})") == ErrorCode::malformed);
    CHECK(refusal(R"([{"x":{"a":1,"a":2}}])") == ErrorCode::malformed);
    const auto document =
        parse(R"({"a":1,"b":3,"a":{"c":2}})", {.duplicates = json::Duplicates::last});
    CHECK(document.root().dump() == R"({"a":{"c":2},"b":3})");
}

TEST_CASE("json: keys that differ only in escaping are the same key", "[base][json]") {
    CHECK(refusal(R"({"a":1,"\u0061":2})") == ErrorCode::malformed);
}

TEST_CASE("json: text that is not exactly one value is malformed", "[base][json]") {
    for (const auto* text : {"",
                             "{",
                             "{}x",
                             "{} {}",
                             "[1,]",
                             "{'a':1}",
                             "// c\n{}",
                             "nul",
                             "\"\xff\"",
                             "[1e999]",
                             "\"\\ud800\""}) {
        CAPTURE(text);
        CHECK(refusal(text) == ErrorCode::malformed);
    }
}

TEST_CASE("json: depth, size and number of values are bounded", "[base][json]") {
    CHECK(refusal(std::string(100, '[') + std::string(100, ']')) == ErrorCode::limit_exceeded);
    CHECK(refusal("[1,2,3]", {.max_bytes = 6}) == ErrorCode::limit_exceeded);
    CHECK(refusal("[1,2,3]", {.max_values = 3}) == ErrorCode::limit_exceeded);
    CHECK(parse("[1,2,3]", {.max_values = 4}).root().size() == 3);
}

TEST_CASE("json: integers keep all 64 bits, larger numbers are not integers", "[base][json]") {
    CHECK(parse("9223372036854775807").root().integer() == 9223372036854775807LL);
    CHECK_FALSE(parse("9223372036854775808").root().integer().has_value());
}

TEST_CASE("json: the name of the document stands in the message", "[base][json]") {
    const auto error = test::error_of(Document::parse("{", {.what = "the manifest"}));
    CHECK_THAT(error.message, Catch::Matchers::StartsWith("the manifest is not valid JSON"));
}

TEST_CASE("json: members that nobody asked for are checked and dropped", "[base][json]") {
    constexpr std::array<std::string_view, 2> kWanted{"name", "list"};
    json::ParseOptions options;
    options.duplicates = json::Duplicates::last;
    options.members = kWanted;
    const auto document = parse(
        R"({"x":{"name":[{"y":1}],"z":2},"name":"a","w":3,"list":[{"x":4}],"v":[]})", options);
    CHECK(document.root().dump() == R"({"name":"a","list":[{"x":4}]})");
    CHECK(refusal(R"({"x":{"y":}})", options) == ErrorCode::malformed);
    options.max_depth = 3;
    CHECK(refusal(R"({"x":[[[]]]})", options) == ErrorCode::limit_exceeded);
}

TEST_CASE("json: where repeated keys are refused nothing is dropped", "[base][json]") {
    constexpr std::array<std::string_view, 1> kWanted{"name"};
    json::ParseOptions options;
    options.members = kWanted;
    CHECK(refusal(R"({"x":{"y":1,"y":2},"name":"a"})", options) == ErrorCode::malformed);
}

TEST_CASE("json: repeated keys are seen in objects of any size", "[base][json]") {
    const std::size_t members = GENERATE(std::size_t{1}, 15, 16, 17, 40);
    std::string text = "{";
    for (std::size_t i = 0; i < members; ++i) {
        text += "\"k" + std::to_string(i) + "\":" + std::to_string(i) + ",";
    }
    CAPTURE(members);
    const auto last = "k" + std::to_string(members - 1);
    for (const auto& key : {std::string("k0"), last}) {
        const std::string twice = text + "\"" + key + "\":-1}";
        CHECK(refusal(twice) == ErrorCode::malformed);
        const auto document = parse(twice, {.duplicates = json::Duplicates::last});
        CHECK(document.root().size() == members);
        CHECK(document.root()[key].integer() == -1);
        CHECK(document.root()[members == 1  ? key
                              : key == "k0" ? last
                                            : "k0"]
                  .integer() == (members == 1  ? -1
                                 : key == "k0" ? static_cast<std::int64_t>(members - 1)
                                               : 0));
    }
}
