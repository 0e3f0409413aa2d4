// SPDX-License-Identifier: Apache-2.0
#include "cli/common/docgen.hpp"

#include "base/core/text.hpp"
#include "cli/common/common_options.hpp"

#include <array>

namespace bulla::cli::docgen {

namespace {

/// Targets of the common options of sets that are only looked at.
CommonOptions& unread_options() {
    static CommonOptions options;
    return options;
}

std::string command_names(const AppSpec& app) {
    std::string out;
    for (const auto& command : app.subcommands) {
        out.append(command.doc.name).append("\n");
    }
    return out;
}

struct Form {
    std::string_view name;
    std::string (*write)(const AppSpec&);
};

std::string program_page(const AppSpec& app) {
    return man_page(app);
}

constexpr std::array kForms{Form{"man", &program_page},
                            Form{"bash", &bash_completion},
                            Form{"zsh", &zsh_completion},
                            Form{"fish", &fish_completion},
                            Form{"markdown", &markdown},
                            Form{"commands", &command_names}};

} // namespace

std::vector<Command> commands_of(const AppSpec& app) {
    std::vector<Command> commands;
    for (const auto& subcommand : app.subcommands) {
        auto& command = commands.emplace_back();
        command.doc = &subcommand.doc;
        subcommand.add_options(command.options);
        add_common_options(command.options, unread_options());
    }
    return commands;
}

ValueKind value_kind(std::string_view placeholder) {
    if (placeholder == "FILE" || placeholder == "KEY") {
        return ValueKind::file;
    }
    if (placeholder == "DIR") {
        return ValueKind::folder;
    }
    if (placeholder == "IMAGE" || placeholder == "SOURCE" || placeholder == "DESTINATION") {
        return ValueKind::image;
    }
    return ValueKind::text;
}

bool takes_format(const OptionSet::Option& option) {
    return option.long_name == "--output";
}

std::vector<std::string> format_words(const CommandDoc& doc) {
    std::vector<std::string> words;
    for (const auto& format : doc.formats) {
        words.emplace_back(format.name);
        if (format.versions.size() > 1) {
            for (const auto version : format.versions) {
                words.push_back(std::string(format.name) + "@" + std::string(version));
            }
        }
    }
    return words;
}

Result<std::string> generate(std::string_view form, const AppSpec& app, const Subcommand* command) {
    if (command != nullptr && form == "man") {
        return man_page(app, *command);
    }
    std::string names;
    for (const auto& known : kForms) {
        if (known.name == form && command == nullptr) {
            return known.write(app);
        }
        names.append(names.empty() ? "" : "|").append(known.name);
    }
    return Error{ErrorCode::usage,
                 "--generate: expected one of " + (command != nullptr ? "man" : names) +
                     ", found \"" + text::printable(form) + "\""};
}

} // namespace bulla::cli::docgen
