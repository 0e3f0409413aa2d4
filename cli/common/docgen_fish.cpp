// SPDX-License-Identifier: Apache-2.0
#include "cli/common/docgen.hpp"

#include <algorithm>

namespace bulla::cli::docgen {

namespace {

/// A word in single quotes.
std::string quoted(std::string_view text) {
    std::string out = "'";
    for (const char c : text) {
        out += c == '\'' || c == '\\' ? std::string{'\\', c} : std::string(1, c);
    }
    return out + "'";
}

/// bulla-oci is __fish_bulla_oci.
std::string function_of(std::string_view program) {
    std::string name = "__fish_" + std::string(program);
    std::ranges::replace(name, '-', '_');
    return name;
}

/// Arguments of `complete` for a value of that kind.
std::string value_arguments(ValueKind kind) {
    switch (kind) {
    case ValueKind::file:
        return " -r -F";
    case ValueKind::folder:
        return " -x -a '(__fish_complete_directories (commandline -ct))'";
    case ValueKind::image:
        return " -a 'oci:(__fish_complete_directories (string replace -r \"^oci:\" \"\" -- "
               "(commandline -ct)))'";
    case ValueKind::text:
        break;
    }
    return " -x";
}

std::string
option_line(const std::string& before, const OptionSet::Option& option, const CommandDoc& doc) {
    std::string line = before;
    if (!option.short_name.empty()) {
        line += " -s " + option.short_name.substr(1);
    }
    line += " -l " + option.long_name.substr(2);
    std::vector<std::string> words = option.choices;
    if (takes_format(option)) {
        words = format_words(doc);
    }
    if (!words.empty()) {
        std::string list;
        for (const auto& word : words) {
            list += (list.empty() ? "" : " ") + word;
        }
        line += " -x -a " + quoted(list);
    } else if (option.arity == Arity::value || option.arity == Arity::list) {
        line += value_arguments(value_kind(option.placeholder));
    }
    return line + " -d " + quoted(option.help) + "\n";
}

std::string word_line(const std::string& start,
                      const std::string& condition,
                      std::string_view word,
                      std::string_view summary) {
    return start + " -n " + quoted(condition) + " -a " + quoted(word) + " -d " + quoted(summary) +
           "\n";
}

std::string
command_lines(const std::string& start, const std::string& function, const Command& command) {
    const std::string before =
        start + " -n " + quoted(function + "_is " + quoted(command.doc->name));
    std::string out;
    for (const auto& option : command.options.options()) {
        out += option_line(before, option, *command.doc);
    }
    for (const auto& argument : command.options.arguments()) {
        const ValueKind kind = value_kind(argument.name);
        if (kind == ValueKind::file) {
            out += before + " -F\n";
            break;
        }
        if (kind != ValueKind::text) {
            out += before + value_arguments(kind) + "\n";
            break;
        }
    }
    return out;
}

/// True in the generated script if the line begins with these words behind the program.
std::string is_function(const std::string& function) {
    return "function " + function +
           "_is\n    set -l words (commandline -opc)\n    set -e words[1]\n"
           "    set -l wanted (string split -n ' ' -- $argv[1])\n"
           "    set -l count (count $wanted)\n    if test $count -eq 0\n"
           "        test (count $words) -eq 0\n        return\n    end\n"
           "    test (count $words) -ge $count; and test \"$words[1..$count]\" = "
           "\"$wanted\"\nend\n\n";
}

/// `bulla oci copy` is completed as `bulla-oci copy`.
std::string step_lines(const AppSpec& app, const std::string& start, const std::string& function) {
    std::string out = "function " + function +
                      "_step\n    set -l words (commandline -opc)\n"
                      "    set -l line bulla-$words[2] (string escape -- $words[3..-1]) "
                      "(commandline -ct)\n"
                      "    complete -C (string join ' ' -- $line)\nend\n\n";
    for (const auto& step : app.steps) {
        out += word_line(start, function + "_is ''", step.name, step.summary);
        out += start + " -n " + quoted(function + "_is " + std::string(step.name)) + " -a " +
               quoted("(" + function + "_step)") + "\n";
    }
    return out;
}

} // namespace

std::string fish_completion(const AppSpec& app) {
    const std::string program(app.program);
    const std::string function = function_of(app.program);
    const std::string start = "complete -c " + program;
    std::string out = "# fish completion for " + program + ", written by `" + program +
                      " --generate=fish`\n\n" + is_function(function) + start + " -f\n";
    if (!app.steps.empty()) {
        out += step_lines(app, start, function);
    }
    for (const auto& command : app.subcommands) {
        const auto name = command.doc.name;
        const auto blank = name.find(' ');
        if (blank == std::string_view::npos) {
            out += word_line(start, function + "_is ''", name, command.doc.summary);
        } else {
            const std::string first(name.substr(0, blank));
            out += word_line(start, function + "_is ''", first, "more commands");
            out += word_line(
                start, function + "_is " + first, name.substr(blank + 1), command.doc.summary);
        }
    }
    out += word_line(start, function + "_is ''", "help", "explain a command");
    out += word_line(start, function + "_is ''", "version", "print the version");
    for (const auto& command : commands_of(app)) {
        out += command_lines(start, function, command);
    }
    return out;
}

} // namespace bulla::cli::docgen
