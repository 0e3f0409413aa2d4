// SPDX-License-Identifier: Apache-2.0
#include "cli/common/doctor_report.hpp"

#include "base/core/text.hpp"
#include "base/json/json.hpp"
#include "cli/common/result_json.hpp"

#include <algorithm>
#include <array>

namespace bulla::cli {

namespace {

constexpr std::string_view kSchema = "bulla.doctor/1";
constexpr std::array<std::string_view, 3> kLevels{"ok", "note", "problem"};

std::string_view to_string(Finding::Level level) {
    return kLevels[static_cast<std::size_t>(level)];
}

void pad(std::string& line, std::size_t column) {
    line.resize(std::max(line.size() + 1, column), ' ');
}

Error malformed(const std::string& why) {
    return Error{ErrorCode::malformed,
                 "a report of the schema " + std::string(kSchema) + " was expected: " + why};
}

Result<Finding> parse_finding(json::Value value) {
    Finding finding{.check = value["check"].string_or(""),
                    .text = value["text"].string_or(""),
                    .hint = value["hint"].string_or("")};
    const auto* const level = std::ranges::find(kLevels, value["level"].string_or(""));
    if (finding.check.empty() || level == kLevels.end()) {
        return malformed("a finding has no name or no level");
    }
    finding.level = static_cast<Finding::Level>(level - kLevels.begin());
    for (const auto fact : value["facts"].elements()) {
        finding.facts.push_back({fact["label"].string_or(""), fact["value"].string_or("")});
    }
    return finding;
}

} // namespace

ExitCode exit_of(std::span<const Finding> findings) {
    const bool problem = std::ranges::any_of(
        findings, [](const Finding& each) { return each.level == Finding::Level::problem; });
    return problem ? ExitCode::denied : ExitCode::done;
}

std::string findings_text(std::span<const Finding> findings) {
    constexpr std::size_t kCheckColumn = 9;
    constexpr std::size_t kTextColumn = 23;
    std::string out;
    for (const auto& finding : findings) {
        std::string line(to_string(finding.level));
        pad(line, kCheckColumn);
        line += finding.check;
        pad(line, kTextColumn);
        out += line + text::printable(finding.text) + "\n";
        const std::string indent(kTextColumn, ' ');
        for (const auto& fact : finding.facts) {
            out += indent + text::printable(fact.label) + ": " + text::printable(fact.value) + "\n";
        }
        if (!finding.hint.empty()) {
            out += indent + "hint: " + text::printable(finding.hint) + "\n";
        }
    }
    return out;
}

std::string findings_json(std::span<const Finding> findings) {
    auto out = begin_result("doctor");
    out.key("healthy").boolean(exit_of(findings) == ExitCode::done);
    out.key("findings").begin_array();
    for (const auto& finding : findings) {
        out.begin_object().member("check", finding.check);
        out.member("level", to_string(finding.level));
        out.member("text", text::to_utf8(finding.text)).key("facts").begin_array();
        for (const auto& fact : finding.facts) {
            out.begin_object()
                .member("label", text::to_utf8(fact.label))
                .member("value", text::to_utf8(fact.value))
                .end_object();
        }
        out.end_array().optional_member("hint", text::to_utf8(finding.hint)).end_object();
    }
    out.end_array().end_object();
    return out.finish() + "\n";
}

Result<std::vector<Finding>> parse_findings(ByteView json) {
    json::ParseOptions options;
    options.max_bytes = limits::kReportBytes;
    options.what = "report";
    BULLA_TRY_ASSIGN(const auto document, json::Document::parse(json, options));
    const auto root = document.root();
    if (root["schema"].string_or("") != kSchema) {
        return malformed("the schema is \"" + text::printable(root["schema"].string_or("")) + "\"");
    }
    std::vector<Finding> findings;
    for (const auto value : root["findings"].elements()) {
        BULLA_TRY_ASSIGN(findings.emplace_back(), parse_finding(value));
    }
    return findings;
}

} // namespace bulla::cli
