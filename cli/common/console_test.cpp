// SPDX-License-Identifier: Apache-2.0
#include "cli/common/console.hpp"
#include "cli/common/progress.hpp"
#include "cli/common/suggest.hpp"
#include "tests/support/catch.hpp"

#include <array>
#include <cstdlib>

namespace bulla::cli {

TEST_CASE("errors: message, aligned facts and hint stand on lines of their own", "[cli][errors]") {
    const auto error = Error{ErrorCode::untrusted, "no signature on \"app\" matches the policy"}
                           .with("found", "subject \"ci@old.example\"")
                           .with("expected", "subject \"ci@example\"")
                           .with_hint("list what is attached with `bulla-oci tree app`");
    CHECK(format_error("bulla-verify", error, Coloring::plain) ==
          "bulla-verify: error: no signature on \"app\" matches the policy\n"
          "  found:    subject \"ci@old.example\"\n"
          "  expected: subject \"ci@example\"\n"
          "bulla-verify: hint: list what is attached with `bulla-oci tree app`\n");
}

TEST_CASE("errors: no text can move the cursor or start a line", "[cli][errors]") {
    const auto error =
        Error{ErrorCode::malformed, "bad \x1b[2J"}.with("a\nb", "c\rd").with_hint("e\nf");
    const auto text = format_error("bulla", error, Coloring::plain);
    CHECK(text.find('\x1b') == std::string::npos);
    CHECK(text.find('\r') == std::string::npos);
    CHECK(std::count(text.begin(), text.end(), '\n') == 3);
}

TEST_CASE("errors: where stands among the facts unless the message says it", "[cli][errors]") {
    CHECK(format_error("b", Error{ErrorCode::io, "cannot read x"}.at("x"), Coloring::plain) ==
          "b: error: cannot read x\n");
    CHECK(format_error("b", Error{ErrorCode::io, "cannot read"}.at("x"), Coloring::plain) ==
          "b: error: cannot read\n  where: x\n");
}

TEST_CASE("errors: as JSON they are one line with code and exit", "[cli][errors]") {
    const auto error =
        Error{ErrorCode::unavailable, "no\nanswer"}.with("url", "u").with_hint("wait").at("w");
    CHECK(format_error_json("bulla-oci", error, Time(std::chrono::seconds(0))) ==
          R"({"time":"1970-01-01T00:00:00Z","level":"error","program":"bulla-oci",)"
          R"("code":"unavailable","exit":4,"message":"no\nanswer",)"
          R"("facts":[{"label":"url","value":"u"}],"hint":"wait","where":"w"})"
          "\n");
}

TEST_CASE("colours: an option wins over the environment, NO_COLOR over the rest", "[cli][errors]") {
    setenv("CLICOLOR_FORCE", "1", 1);
    CHECK(use_color(ColorChoice::automatic));
    CHECK_FALSE(use_color(ColorChoice::never));
    setenv("NO_COLOR", "1", 1);
    CHECK_FALSE(use_color(ColorChoice::automatic));
    CHECK(use_color(ColorChoice::always));
    unsetenv("NO_COLOR");
    setenv("CLICOLOR_FORCE", "0", 1);
    setenv("TERM", "dumb", 1);
    setenv("GITHUB_ACTIONS", "true", 1);
    CHECK_FALSE(use_color(ColorChoice::automatic));
    unsetenv("TERM");
    CHECK(use_color(ColorChoice::automatic));
    unsetenv("GITHUB_ACTIONS");
    unsetenv("CLICOLOR_FORCE");
}

TEST_CASE("progress: a bar never is wider than the terminal", "[cli][progress]") {
    CHECK(format_bar("layer 1/2", 512, 1024, 80) ==
          "layer 1/2                         [==========           ]   50%  512 B / 1.0 KiB");
    for (const std::size_t width : {12U, 30U, 60U, 79U, 200U}) {
        CHECK(format_bar(std::string(300, 'x'), 5'000'000, 9'000'000'000, width).size() <= width);
        CHECK(format_bar(std::string(300, 'x'), 5'000'000, 0, width).size() <= width);
    }
}

TEST_CASE("progress: more bytes than announced stay at 100 %", "[cli][progress]") {
    CHECK_THAT(format_bar("x", 2048, 1024, 80), Catch::Contains("100%  1.0 KiB / 1.0 KiB"));
}

TEST_CASE("suggestions: one near word, none for a far one", "[cli][options]") {
    constexpr std::array<std::string_view, 3> kWords{"create", "merge", "diff"};
    CHECK(suggest("craete", kWords) == "create");
    CHECK(suggest("dif", kWords) == "diff");
    CHECK(suggest("xyz", kWords).empty());
    CHECK(suggest("", kWords).empty());
    CHECK(suggest(std::string(1000, 'c'), kWords).empty());
}

} // namespace bulla::cli
