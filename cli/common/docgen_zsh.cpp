// SPDX-License-Identifier: Apache-2.0
#include "cli/common/docgen.hpp"

#include <algorithm>

namespace bulla::cli::docgen {

namespace {

/// Text inside single quotes of the shell, where `special` signs mean something to _arguments.
std::string escaped(std::string_view text, std::string_view special) {
    std::string out;
    for (const char c : text) {
        if (c == '\'') {
            out += "'\\''";
            continue;
        }
        if (c == '\\' || special.find(c) != std::string_view::npos) {
            out += '\\';
        }
        out += c;
    }
    return out;
}

std::string joined(const std::vector<std::string>& words) {
    std::string out;
    for (const auto& word : words) {
        out += (out.empty() ? "" : " ") + word;
    }
    return out;
}

std::string action_of(ValueKind kind, const std::string& program) {
    switch (kind) {
    case ValueKind::file:
        return "_files";
    case ValueKind::folder:
        return "_files -/";
    case ValueKind::image:
        return "_" + program + "-image";
    case ValueKind::text:
        break;
    }
    return " ";
}

/// One option as _arguments takes it: '(-o --output)'{-o+,--output=}'[help]:FORMAT:(text json)'.
std::string
option_spec(const OptionSet::Option& option, const CommandDoc& doc, const std::string& program) {
    const bool value = option.arity == Arity::value || option.arity == Arity::list;
    const bool repeats = option.arity == Arity::list || option.arity == Arity::counter;
    std::string rest = "[" + escaped(option.help, "[]:") + "]";
    if (value) {
        std::string action = action_of(value_kind(option.placeholder), program);
        if (takes_format(option)) {
            action = "(" + joined(format_words(doc)) + ")";
        } else if (!option.choices.empty()) {
            action = "(" + joined(option.choices) + ")";
        }
        rest += ":" + escaped(option.placeholder, ":") + ":" + action;
    }
    const std::string long_form = option.long_name + (value ? "=" : "");
    if (option.short_name.empty()) {
        return "'" + std::string(repeats ? "*" : "") + long_form + rest + "'";
    }
    const std::string both = "{" + option.short_name + (value ? "+" : "") + "," + long_form + "}";
    const std::string before =
        repeats ? "'*'" : "'(" + option.short_name + " " + option.long_name + ")'";
    return before + both + "'" + rest + "'";
}

std::string argument_spec(const OptionSet::Positional& argument, const std::string& program) {
    return "'" + std::string(argument.max > 1 ? "*" : "") +
           (argument.min == 0 && argument.max == 1 ? "::" : ":") + argument.name + ":" +
           action_of(value_kind(argument.name), program) + "'";
}

std::string command_case(const Command& command, const std::string& program) {
    std::string out = "    ('" + std::string(command.doc->name) + "')\n        _arguments -s -S";
    for (const auto& option : command.options.options()) {
        out += " \\\n            " + option_spec(option, *command.doc, program);
    }
    for (const auto& argument : command.options.arguments()) {
        out += " \\\n            " + argument_spec(argument, program);
    }
    return out + "\n        ;;\n";
}

struct Described {
    std::string name;
    std::string_view summary;
};

std::string describe(const std::vector<Described>& words, std::string_view indent) {
    std::string out = std::string(indent) + "local -a names=(\n";
    for (const auto& word : words) {
        out += std::string(indent) + "    '" + escaped(word.name, ":") + ":" +
               escaped(word.summary, "") + "'\n";
    }
    return out + std::string(indent) + ")\n" + std::string(indent) +
           "_describe -t commands command names\n";
}

/// What can stand first, or second behind the first word of a nested command.
std::vector<Described> words_after(const AppSpec& app, std::string_view first) {
    std::vector<Described> words;
    for (const auto& command : app.subcommands) {
        std::string_view name = command.doc.name;
        if (!first.empty()) {
            if (!name.starts_with(std::string(first) + " ")) {
                continue;
            }
            name.remove_prefix(first.size() + 1);
        }
        const auto blank = name.find(' ');
        const std::string word(name.substr(0, blank));
        if (std::ranges::find(words, word, &Described::name) == words.end()) {
            words.push_back({word,
                             blank == std::string_view::npos ? command.doc.summary
                                                             : std::string_view("more commands")});
        }
    }
    return words;
}

std::string nested_cases(const AppSpec& app) {
    std::string out;
    for (const auto& word : words_after(app, {})) {
        const auto seconds = words_after(app, word.name);
        if (!seconds.empty()) {
            out += "    if [[ $command == " + word.name +
                   " ]]; then\n        if (( CURRENT == 2 )); then\n" +
                   describe(seconds, "            ") +
                   "            return\n        fi\n        command+=\" $words[2]\"\n"
                   "        shift words\n        (( CURRENT-- ))\n    fi\n";
        }
    }
    return out;
}

std::string first_case(const AppSpec& app) {
    std::vector<Described> words;
    for (const auto& step : app.steps) {
        words.push_back({std::string(step.name), step.summary});
    }
    for (auto& word : words_after(app, {})) {
        words.push_back(std::move(word));
    }
    words.push_back({"help", "explain a command"});
    words.push_back({"version", "print the version"});
    return "    if (( CURRENT == 2 )); then\n" + describe(words, "        ") +
           "        return\n    fi\n";
}

/// `bulla oci copy` is completed as `bulla-oci copy`.
std::string step_case(const AppSpec& app) {
    std::string steps;
    for (const auto& step : app.steps) {
        steps.append(steps.empty() ? "" : "|").append(step.name);
    }
    return steps.empty() ? std::string()
                         : "    case $words[2] in\n    (" + steps +
                               ")\n        words=(\"bulla-$words[2]\" \"${(@)words[3,-1]}\")\n"
                               "        (( CURRENT-- ))\n        _normal\n        return\n"
                               "        ;;\n    esac\n";
}

} // namespace

std::string zsh_completion(const AppSpec& app) {
    const std::string program(app.program);
    std::string out = "#compdef " + program + "\n# Written by `" + program +
                      " --generate=zsh`.\n\n_" + program +
                      "-image() {\n    if compset -P oci:; then\n        _files -/\n    else\n"
                      "        compadd -S '' oci:\n    fi\n}\n\n_" +
                      program + "() {\n" + first_case(app) + step_case(app) +
                      "    local command=$words[2]\n    shift words\n    (( CURRENT-- ))\n" +
                      nested_cases(app) + "    case $command in\n";
    for (const auto& command : commands_of(app)) {
        out += command_case(command, program);
    }
    out += "    esac\n}\n\n";
    // Loaded by name at the first use, or sourced.
    return out + "if [[ $funcstack[1] == _" + program + " ]]; then\n    _" + program +
           " \"$@\"\nelse\n    compdef _" + program + " " + program + "\nfi\n";
}

} // namespace bulla::cli::docgen
