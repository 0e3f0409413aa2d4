// SPDX-License-Identifier: Apache-2.0
#include "cli/common/help.hpp"

#include "base/core/text.hpp"

#include <algorithm>
#include <array>
#include <vector>

namespace bulla::cli {

namespace {

/// Where explanations start; a longer name has its explanation on the next line.
constexpr std::size_t kColumn = 30;

/// What every subcommand can end with, besides what its record lists.
constexpr std::array kCommonExits{ExitCode::done,
                                  ExitCode::usage,
                                  ExitCode::bad_input,
                                  ExitCode::internal,
                                  ExitCode::interrupted,
                                  ExitCode::terminated};

void append_row(std::string& out, std::string left, std::string_view right) {
    left.insert(0, "  ");
    if (left.size() + 2 > kColumn) {
        out += left + "\n" + std::string(kColumn, ' ');
    } else {
        out += left + std::string(kColumn - left.size(), ' ');
    }
    out += wrapped(right, kColumn);
}

void append_heading(std::string& out, std::string_view heading) {
    out.append("\n").append(heading).append(":\n");
}

std::string name_of(const OptionSet::Option& option) {
    std::string name = option.short_name.empty() ? "    " : option.short_name + ", ";
    name += option.long_name;
    return option.placeholder.empty() ? name : name + " " + option.placeholder;
}

std::string help_of(const OptionSet::Option& option) {
    std::string help = option.help;
    if (option.need == Need::required) {
        help += " (required)";
    }
    if (!option.default_text.empty()) {
        help += " (default: " + option.default_text + ")";
    }
    if (!option.environment.empty()) {
        help += " [" + option.environment + "]";
    }
    return help;
}

void append_options(std::string& out, const OptionSet& set) {
    std::vector<std::string_view> groups;
    for (const auto& option : set.options()) {
        if (std::ranges::find(groups, option.group) == groups.end()) {
            groups.push_back(option.group);
        }
    }
    for (const auto group : groups) {
        append_heading(out, group);
        for (const auto& option : set.options()) {
            if (option.group == group) {
                append_row(out, name_of(option), help_of(option));
            }
        }
    }
}

void append_formats(std::string& out, std::span<const OutputFormat> formats) {
    for (const auto& format : formats) {
        std::string help(format.meaning);
        for (const auto version : format.versions) {
            const bool first = version == format.versions.front();
            help.append(first ? "; version " : ", ").append(version);
            help.append(first && format.versions.size() > 1 ? " (default)" : "");
        }
        if (formats.size() > 1 && &format == &formats.front()) {
            help += "; the default";
        }
        append_row(out, std::string(format.name), help);
    }
}

void append_exits(std::string& out, const CommandDoc& doc) {
    for (const auto code : all_exit_codes()) {
        if (can_end_with(doc, code)) {
            append_row(out, std::to_string(static_cast<int>(code)), meaning(code));
        }
    }
}

} // namespace

bool can_end_with(const CommandDoc& doc, ExitCode code) {
    return std::ranges::find(kCommonExits, code) != kCommonExits.end() ||
           std::ranges::find(doc.exits, code) != doc.exits.end();
}

std::string wrapped(std::string_view text, std::size_t indent, std::size_t width) {
    std::string out;
    std::size_t column = indent;
    while (!text.empty()) {
        const auto word = text::take_until(text, ' ');
        if (column > indent && column + 1 + word.size() > width) {
            out += "\n" + std::string(indent, ' ');
            column = indent;
        } else if (column > indent) {
            out += ' ';
            ++column;
        }
        out += word;
        column += word.size();
    }
    return out + "\n";
}

std::string
format_usage(std::string_view program, const CommandDoc& doc, const OptionSet& options) {
    std::string usage(program);
    usage.append(" ").append(doc.name).append(" [options]");
    for (const auto& option : options.options()) {
        if (option.need == Need::required) {
            usage += " " + option.long_name + " " + option.placeholder;
        }
    }
    for (const auto& argument : options.arguments()) {
        usage += argument.min == 0 ? " [" + argument.name + "]" : " " + argument.name;
        usage += argument.max > 1 ? "…" : "";
    }
    return usage;
}

std::string format_help(std::string_view program, const CommandDoc& doc, const OptionSet& options) {
    std::string out(program);
    out.append(" ").append(doc.name).append(": ").append(doc.summary).append("\n");
    if (!doc.examples.empty()) {
        append_heading(out, "Examples");
        for (const auto& example : doc.examples) {
            out.append("  # ").append(example.purpose).append("\n");
            out.append("  ").append(example.command).append("\n");
        }
    }
    append_heading(out, "Usage");
    out += "  " + format_usage(program, doc, options) + "\n";
    std::string_view rest = doc.description;
    while (!rest.empty()) {
        const auto end = std::min(rest.find("\n\n"), rest.size());
        out += "\n" + wrapped(rest.substr(0, end), 0);
        rest.remove_prefix(std::min(end + 2, rest.size()));
    }
    if (!options.arguments().empty()) {
        append_heading(out, "Arguments");
        for (const auto& argument : options.arguments()) {
            append_row(out, argument.name, argument.help);
        }
    }
    append_options(out, options);
    if (!doc.formats.empty()) {
        append_heading(out, "Output formats");
        append_formats(out, doc.formats);
    }
    append_heading(out, "Exit codes");
    append_exits(out, doc);
    if (!doc.environment.empty()) {
        append_heading(out, "Environment");
        for (const auto& variable : doc.environment) {
            append_row(out, std::string(variable.name), variable.meaning);
        }
    }
    return out;
}

} // namespace bulla::cli
