// SPDX-License-Identifier: Apache-2.0
#include "base/core/limits.hpp"
#include "base/toml/toml.hpp"
#include "tests/support/catch.hpp"

namespace bulla::toml {

namespace {

/// "a.b=string:text@line:column" of every entry.
std::vector<std::string> shown(std::string_view text) {
    std::vector<std::string> out;
    for (const auto& entry : test::value_of(parse(text, "file"))) {
        std::string line;
        for (const auto& name : entry.path) {
            line += (line.empty() ? "" : ".") + name;
        }
        line += " is " + std::string(to_string(entry.value.kind)) + " " + entry.value.text;
        for (const auto& item : entry.value.items) {
            line += "<" + item.text + ">";
        }
        out.push_back(line + " " + locate("at", entry.at));
    }
    return out;
}

std::string repeated(std::string_view part, std::size_t count) {
    std::string out;
    for (std::size_t i = 0; i < count; ++i) {
        out += part;
    }
    return out;
}

} // namespace

TEST_CASE("toml: values stand under the path of their tables, with their places", "[base][toml]") {
    CHECK(shown("timeout = \"30s\"\njobs = 4\n\n[bulla-oci.copy]\n  recursive = true\n"
                "names = [\"a\", 'b']\n") ==
          std::vector<std::string>{"bulla-oci.copy.names is an array <a><b> at:6:1",
                                   "bulla-oci.copy.recursive is true or false true at:5:3",
                                   "jobs is an integer 4 at:2:1",
                                   "timeout is a string 30s at:1:1"});
    CHECK(shown("[\"a b\".c]\n").empty());
}

TEST_CASE("toml: what settings never hold is of another kind", "[base][toml]") {
    for (const std::string_view text :
         {"x = 1.5", "x = 2026-01-01", "x = [[1]]", "x = [{a = 1}]", "[[x]]\na = 1"}) {
        CAPTURE(text);
        const auto entries = test::value_of(parse(text, "file"));
        REQUIRE(entries.size() == 1);
        CHECK(entries.front().value.kind == Kind::other);
    }
}

TEST_CASE("toml: a mistake is malformed and has its place", "[base][toml]") {
    const auto error = test::error_of(parse("a = 1\nb = \n", "f.toml"));
    CHECK(error.code == ErrorCode::malformed);
    CHECK(error.where == "f.toml:2:5");
    for (const std::string_view text : {"a = 1\na = 2", "[a]\n[a]", "= 1", "a = \"\xFF\"", "a"}) {
        CAPTURE(text);
        CHECK(test::error_of(parse(text, "f")).code == ErrorCode::malformed);
    }
}

TEST_CASE("toml: a document that toml++ asserts about is malformed like any other",
          "[base][toml][security][regression]") {
    for (const std::string_view text :
         {"a = 1\nb = {,", "a = 1\nb = {a = 1, = 2}\nc = 3", "\na = {\"\"."}) {
        CAPTURE(text);
        const auto error = test::error_of(parse(text, "f"));
        CHECK(error.code == ErrorCode::malformed);
        CHECK_THAT(error.where, Catch::StartsWith("f:2:"));
    }
}

TEST_CASE("toml: a letter of no ASCII outside of a string is malformed, whichever it is",
          "[base][toml][security][regression]") {
    for (const std::string_view text :
         {"n = \xCE\xB9", "a = [1\xCE\xB9, 2]", "n =\xE2\xB0\x80 1"}) {
        CAPTURE(text);
        CHECK(test::error_of(parse(text, "f")).code == ErrorCode::malformed);
    }
}

TEST_CASE("toml: depth and size are bounded", "[base][toml]") {
    const std::string deep = repeated("a.", limits::kTomlDotsPerLine);
    CHECK(test::value_of(parse(deep + "a = 1", "f")).size() == 1);
    const auto dots = test::error_of(parse("x = 1\n" + deep + "a.a = 1", "f"));
    CHECK(dots.code == ErrorCode::limit_exceeded);
    CHECK(dots.where == "f:2:1");
    CHECK(parse("a = " + repeated("[", 15) + repeated("]", 15), "f"));
    CHECK_FALSE(parse("a = " + repeated("[", 17) + repeated("]", 17), "f"));
    CHECK(parse(std::string(limits::kSettingsBytes, '\n'), "f"));
    CHECK(test::error_of(parse(std::string(limits::kSettingsBytes + 1, '\n'), "f")).code ==
          ErrorCode::limit_exceeded);
}

} // namespace bulla::toml
