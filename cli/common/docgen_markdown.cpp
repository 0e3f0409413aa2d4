// SPDX-License-Identifier: Apache-2.0
#include "cli/common/docgen.hpp"
#include "cli/common/help.hpp"

namespace bulla::cli::docgen {

namespace {

/// Text of a table's cell: "|" would end it, "<" would begin HTML.
std::string cell(std::string_view text) {
    std::string out;
    for (const char c : text) {
        out += c == '|' ? "\\|" : c == '<' ? "&lt;" : std::string(1, c);
    }
    return out;
}

std::string row(const std::string& left, const std::string& right) {
    return "| " + left + " | " + cell(right) + " |\n";
}

std::string option_row(const OptionSet::Option& option) {
    std::string name = option.short_name.empty() ? "" : "`" + option.short_name + "`, ";
    name += "`" + option.long_name;
    name += (option.placeholder.empty() ? "" : " " + cell(option.placeholder)) + "`";
    std::string text = option.help;
    text += option.need == Need::required ? " (required)" : "";
    text += option.default_text.empty() ? "" : " (default: " + option.default_text + ")";
    text += option.environment.empty() ? "" : " [" + option.environment + "]";
    return row(name, text);
}

void append_command(std::string& out, std::string_view program, const Command& command) {
    const auto& doc = *command.doc;
    const std::string name = std::string(program) + " " + std::string(doc.name);
    out += "\n## " + name + "\n\n" + cell(doc.summary) + ".\n\n```\n";
    for (const auto& example : doc.examples) {
        out.append("# ").append(example.purpose).append("\n").append(example.command).append("\n");
    }
    out += "```\n\n`" + format_usage(program, doc, command.options) + "`\n";
    if (!doc.description.empty()) {
        out += "\n" + std::string(doc.description) + "\n";
    }
    out += "\n| argument, option | meaning |\n|---|---|\n";
    for (const auto& argument : command.options.arguments()) {
        out += row("`" + argument.name + "`", argument.help);
    }
    for (const auto& option : command.options.options()) {
        out += option_row(option);
    }
    out += "\n| exit code | meaning |\n|---|---|\n";
    for (const auto code : all_exit_codes()) {
        if (can_end_with(doc, code)) {
            out += row(std::to_string(static_cast<int>(code)), std::string(meaning(code)));
        }
    }
}

} // namespace

std::string markdown(const AppSpec& app) {
    std::string out = "# " + std::string(app.program) + "\n\n" + cell(app.summary) + ".\n";
    for (const auto& command : commands_of(app)) {
        append_command(out, app.program, command);
    }
    return out;
}

} // namespace bulla::cli::docgen
