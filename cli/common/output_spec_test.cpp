// SPDX-License-Identifier: Apache-2.0
#include "base/io/file.hpp"
#include "cli/common/output_spec.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_dir.hpp"

#include <array>

namespace bulla::cli {

namespace {

constexpr std::array<std::string_view, 2> kVersions{"1.7", "1.6"};
constexpr std::array kFormats{OutputFormat{"cyclonedx-json", "an SBOM", kVersions},
                              OutputFormat{"json", "for programs"}};

Result<std::vector<OutputSpec>> resolve(const std::vector<std::string>& texts) {
    std::vector<OutputSpec> wanted;
    for (const auto& text : texts) {
        BULLA_TRY_ASSIGN(auto output, OutputSpec::parse(text));
        wanted.push_back(std::move(output));
    }
    return resolve_outputs(std::move(wanted), kFormats);
}

std::string message_of(const std::vector<std::string>& texts) {
    const auto error = test::error_of(resolve(texts));
    CHECK(error.code == ErrorCode::usage);
    return error.message;
}

} // namespace

TEST_CASE("output option: format, version and file", "[cli][output]") {
    const auto output = test::value_of(OutputSpec::parse("cyclonedx-json@1.6=a=b@c.json"));
    CHECK(output.format == "cyclonedx-json");
    CHECK(output.version == "1.6");
    CHECK(output.path == "a=b@c.json");
}

TEST_CASE("output option: an incomplete text is an error", "[cli][output]") {
    for (const char* const text : {"=f", "@1", "json=", "json@", "json@=f", ""}) {
        CAPTURE(text);
        CHECK(test::error_of(OutputSpec::parse(text)).code == ErrorCode::usage);
    }
}

TEST_CASE("output option: without one, the first format goes to standard output", "[cli][output]") {
    const auto outputs = test::value_of(resolve({}));
    REQUIRE(outputs.size() == 1);
    CHECK(outputs[0].format == "cyclonedx-json");
    CHECK(outputs[0].version == "1.7");
    CHECK(outputs[0].to_stdout());
}

TEST_CASE("output option: an unknown format lists the known ones", "[cli][output]") {
    const auto error = test::error_of(resolve({"jsn"}));
    CHECK(error.message == "unknown output format \"jsn\"");
    REQUIRE(error.context.size() == 1);
    CHECK(error.context[0].value == "one of cyclonedx-json, json");
    CHECK(error.hint == "did you mean `--output json`?");
}

TEST_CASE("output option: an unknown version is an error", "[cli][output]") {
    CHECK(message_of({"cyclonedx-json@1.4"}) ==
          "output format cyclonedx-json has no version \"1.4\"");
    CHECK(message_of({"json@1"}) == "output format json has no version \"1\"");
}

TEST_CASE("output option: two outputs to standard output are an error", "[cli][output]") {
    for (const char* const name : {"json", "json=-", "json=/dev/stdout", "json=/dev/fd/1"}) {
        CAPTURE(name);
        CHECK(message_of({"cyclonedx-json", name}) == "two outputs go to standard output");
    }
}

TEST_CASE("output option: two outputs to one file are an error, however it is spelled",
          "[cli][output]") {
    const test::TempDir folder;
    const auto path = folder.file("out");
    const auto other = folder.path() + "/./out";
    CHECK_THAT(message_of({"json=" + path, "cyclonedx-json=" + other}),
               Catch::Contains("two outputs go to the file"));
    test::value_of(write_file_atomically(path, "old"));
    CHECK_THAT(message_of({"json=" + path, "cyclonedx-json=" + other}),
               Catch::Contains("two outputs go to the file"));
    CHECK(resolve({"json=/dev/null", "cyclonedx-json=/dev/null"}).has_value());
}

} // namespace bulla::cli
