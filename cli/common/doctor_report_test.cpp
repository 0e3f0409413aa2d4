// SPDX-License-Identifier: Apache-2.0
#include "base/core/limits.hpp"
#include "cli/common/doctor_report.hpp"
#include "tests/support/catch.hpp"

namespace bulla::cli {

namespace {

using Level = Finding::Level;

const std::vector<Finding> kFindings{
    {.check = "kernel", .text = "Linux", .facts = {{"Landlock", "ABI 2"}}},
    {.check = "certificates",
     .level = Level::problem,
     .text = "none \x1b[31m\xFF",
     .hint = "apt-get install ca-certificates"},
};

} // namespace

TEST_CASE("doctor: a problem makes the answer no, a note does not", "[cli][doctor]") {
    CHECK(exit_of(kFindings) == ExitCode::denied);
    const std::vector<Finding> fine{{.check = "a", .level = Level::note, .text = "b"}};
    CHECK(exit_of(fine) == ExitCode::done);
}

TEST_CASE("doctor: the text stands in columns and controls no terminal", "[cli][doctor]") {
    CHECK(findings_text(kFindings) == "ok       kernel        Linux\n"
                                      "                       Landlock: ABI 2\n"
                                      "problem  certificates  none \\x1b[31m\\xff\n"
                                      "                       hint: apt-get install "
                                      "ca-certificates\n");
}

TEST_CASE("doctor: a report is read back as it was written", "[cli][doctor]") {
    const std::string json = findings_json(kFindings);
    const auto read = test::value_of(parse_findings(json));
    REQUIRE(read.size() == 2);
    CHECK(read[0].facts[0].label == "Landlock");
    CHECK(read[0].facts[0].value == "ABI 2");
    CHECK(read[1].level == Level::problem);
    CHECK(read[1].text == "none \x1b[31m\\xff");
    CHECK(read[1].hint == kFindings[1].hint);
    CHECK(findings_json(read) == json);
}

TEST_CASE("doctor: what is no report is refused", "[cli][doctor]") {
    for (const char* const json :
         {"",
          "[]",
          R"({"schema": "bulla.doctor/2", "findings": []})",
          R"({"schema": "bulla.doctor/1", "findings": [{"check": "a", "level": "fatal"}]})",
          R"({"schema": "bulla.doctor/1", "findings": [{"level": "ok"}]})"}) {
        CAPTURE(json);
        CHECK(test::error_of(parse_findings(json)).code == ErrorCode::malformed);
    }
    const std::string large = "[" + std::string(limits::kReportBytes, ' ') + "]";
    CHECK(test::error_of(parse_findings(large)).code == ErrorCode::limit_exceeded);
}

} // namespace bulla::cli
