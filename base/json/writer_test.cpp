// SPDX-License-Identifier: Apache-2.0
#include "base/json/writer.hpp"
#include "tests/support/catch.hpp"

using namespace bulla;

namespace {
std::string fill(json::Writer writer) {
    writer.begin_object()
        .member("a", "x")
        .key("b")
        .begin_array()
        .integer(-1)
        .boolean(true)
        .null()
        .end_array();
    writer.key("c")
        .begin_object()
        .end_object()
        .key("d")
        .raw("[0]")
        .optional_member("e", "")
        .end_object();
    return writer.finish();
}
} // namespace

TEST_CASE("json writer: compact", "[base][json]") {
    CHECK(fill(json::Writer()) == R"({"a":"x","b":[-1,true,null],"c":{},"d":[0]})");
}

TEST_CASE("json writer: indented", "[base][json]") {
    CHECK(fill(json::Writer(json::Layout::indented)) ==
          "{\n  \"a\": \"x\",\n  \"b\": [\n    -1,\n    true,\n    null\n  ],\n  \"c\": {},\n  "
          "\"d\": [0]\n}");
}

TEST_CASE("json writer: minimal escaping leaves what need not be escaped", "[base][json]") {
    CHECK(json::Writer().string("a\"\\\n\x01/<\xe2\x80\xa8\x7f").finish() ==
          "\"a\\\"\\\\\\n\\u0001/<\xe2\x80\xa8\x7f\"");
}

// The expected text is the `optional` member of a payload that cosign 3.1.3 signed.
TEST_CASE("json writer: Go escaping gives the bytes cosign signs", "[base][json]") {
    CHECK(json::Writer(json::Layout::compact, json::Escaping::go_html)
              .string("\xc3\xa9/\xe2\x80\xa8\x01 \tq<a>&b")
              .finish() == "\"\xc3\xa9/\\u2028\\u0001 \\tq\\u003ca\\u003e\\u0026b\"");
}

TEST_CASE("json writer: bytes that are not UTF-8 are escaped, so that the document is valid",
          "[base][json]") {
    CHECK(json::Writer().string("a\xff").finish() == "\"a\\\\xff\"");
}
