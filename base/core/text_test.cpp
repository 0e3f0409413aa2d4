// SPDX-License-Identifier: Apache-2.0
#include "base/core/text.hpp"
#include "tests/support/catch.hpp"

using namespace bulla;

// RFC 4648 section 10.
TEST_CASE("base64: the RFC's vectors both ways", "[base][text]") {
    const std::vector<std::pair<std::string, std::string>> vectors = {{"", ""},
                                                                      {"f", "Zg=="},
                                                                      {"fo", "Zm8="},
                                                                      {"foo", "Zm9v"},
                                                                      {"foob", "Zm9vYg=="},
                                                                      {"fooba", "Zm9vYmE="},
                                                                      {"foobar", "Zm9vYmFy"}};
    for (const auto& [plain, encoded] : vectors) {
        CHECK(text::to_base64(plain) == encoded);
        CHECK(text::from_base64(encoded) == plain);
    }
}

TEST_CASE("base64: a second spelling of the same bytes is refused", "[base][text]") {
    for (const auto* text :
         {"Zh==", "Zm9=", "Zg", "Zg=", "Zg===", "Z", "Zm9v\n", " Zm9v", "Zm-v", "Zg==Zg=="}) {
        CAPTURE(text);
        CHECK_FALSE(text::from_base64(text).has_value());
    }
}

TEST_CASE("base64: the tolerant variant reads the URL alphabet and missing padding",
          "[base][text]") {
    CHECK(text::from_base64("-_8", text::Base64::any_variant) == "\xfb\xff");
    CHECK(text::from_base64("+/8=", text::Base64::any_variant) == "\xfb\xff");
    CHECK_FALSE(text::from_base64("+/9=", text::Base64::any_variant).has_value());
    CHECK_FALSE(text::from_base64("+_8=", text::Base64::any_variant).has_value());
}

TEST_CASE("hex: both ways, and odd or foreign text is nothing", "[base][text]") {
    CHECK(text::to_hex("\x01\xfe") == "01fe");
    CHECK(text::from_hex("01Fe") == "\x01\xfe");
    CHECK_FALSE(text::from_hex("012").has_value());
    CHECK_FALSE(text::from_hex("0g").has_value());
}

TEST_CASE("utf8: overlong forms, surrogates and cut sequences are not UTF-8", "[base][text]") {
    CHECK(text::is_utf8("a\xc3\xa9\xe2\x82\xac\xf0\x9f\x8d\xba"));
    for (const auto* bytes :
         {"\xc0\xaf", "\xe0\x80\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xc3", "\xff", "\x80"}) {
        CHECK_FALSE(text::is_utf8(bytes));
    }
}

TEST_CASE("printable: control characters and text reordering cannot reach a terminal",
          "[base][text]") {
    CHECK(text::printable("a\x1b[31mb") == "a\\x1b[31mb");
    CHECK(text::printable("x\xe2\x80\xaey") == "x\\xe2\\x80\\xaey");
    CHECK(text::printable("caf\xc3\xa9") == "caf\xc3\xa9");
    CHECK(text::printable("\xff") == "\\xff");
    CHECK(text::printable("\xc2\x9b") == "\\xc2\\x9b");
}

TEST_CASE("to_utf8: invalid bytes are escaped and nothing is dropped", "[base][text]") {
    CHECK(text::to_utf8("a\xff"
                        "b\n") == "a\\xffb\n");
}

TEST_CASE("parse_unsigned: only a plain number in range", "[base][text]") {
    CHECK(text::parse_unsigned("18446744073709551615") == 18446744073709551615ULL);
    for (const auto* text : {"", "18446744073709551616", "-1", "+1", " 1", "1 ", "0x1"}) {
        CAPTURE(text);
        CHECK_FALSE(text::parse_unsigned(text).has_value());
    }
}

TEST_CASE("split and take_until: empty parts count", "[base][text]") {
    CHECK(text::split("a,,b", ',') == std::vector<std::string_view>{"a", "", "b"});
    CHECK(text::split("", ',') == std::vector<std::string_view>{""});
    std::string_view rest = "one\ntwo";
    CHECK(text::take_until(rest, '\n') == "one");
    CHECK(text::take_until(rest, '\n') == "two");
    CHECK(rest.empty());
}
