// SPDX-License-Identifier: Apache-2.0
#include "cli/common/docgen.hpp"

#include <algorithm>

namespace bulla::cli::docgen {

namespace {

/// bash cuts the line at "=", ":" and "@" as well as at blanks (COMP_WORDBREAKS), so `--name=value`
/// and `oci:folder` arrive as three words each. `name` becomes the option before the word, `prefix`
/// what stays in front of an answer where bash was told not to cut.
constexpr std::string_view kSplit = R"(    local name=$prev prefix= before=
    ((COMP_CWORD < 2)) || before=${COMP_WORDS[COMP_CWORD - 2]}
    if [[ $cur == [=:@] ]]; then
        before=$prev prev=$cur cur=
    fi
    if [[ $prev == = ]]; then
        name=$before
    elif [[ $cur == --*=* ]]; then
        name=${cur%%=*} prefix=${cur%%=*}= cur=${cur#*=}
    fi
)";

constexpr std::string_view kAnswer = R"(    if [[ -z $kind && $prev == = && $name != -* ]]; then
        kind=file # FORMAT=FILE
    elif [[ -z $kind && $prev == @ ]]; then
        kind=format # FORMAT@VERSION
    fi
    if [[ -z $kind && $cur == -* ]]; then
        kind=words words=$options
    fi
    case ${kind:-$argument} in
    words) mapfile -t COMPREPLY < <(compgen -P "$prefix" -W "$words" -- "$cur") ;;
    format)
        if [[ $prev == @ ]]; then
            words=$versions
        else
            compopt -o nospace 2>/dev/null
        fi
        mapfile -t COMPREPLY < <(compgen -P "$prefix" -W "$words" -- "$cur")
        ;;
    file)
        compopt -o filenames 2>/dev/null
        mapfile -t COMPREPLY < <(compgen -P "$prefix" -f -- "$cur")
        ;;
    folder)
        compopt -o filenames 2>/dev/null
        mapfile -t COMPREPLY < <(compgen -P "$prefix" -d -- "$cur")
        ;;
    image)
        compopt -o nospace 2>/dev/null
        if [[ $cur == oci:* ]]; then
            mapfile -t COMPREPLY < <(compgen -P oci: -d -- "${cur#oci:}")
        elif [[ $prev == : && $before == oci ]]; then
            mapfile -t COMPREPLY < <(compgen -d -- "$cur")
        else
            mapfile -t COMPREPLY < <(compgen -W oci: -- "$cur")
        fi
        ;;
    esac
)";

/// The name of the function: bulla-oci is _bulla_oci.
std::string function_of(std::string_view program) {
    std::string name = "_" + std::string(program);
    std::ranges::replace(name, '-', '_');
    return name;
}

void append_word(std::string& words, std::string_view word) {
    words.append(words.empty() ? "" : " ").append(word);
}

std::string joined(const std::vector<std::string>& words) {
    std::string out;
    for (const auto& word : words) {
        append_word(out, word);
    }
    return out;
}

std::string_view kind_word(ValueKind kind) {
    switch (kind) {
    case ValueKind::file:
        return "file";
    case ValueKind::folder:
        return "folder";
    case ValueKind::image:
        return "image";
    case ValueKind::text:
        break;
    }
    return "text";
}

std::string value_line(const OptionSet::Option& option, const CommandDoc& doc) {
    const std::string names =
        (option.short_name.empty() ? "" : option.short_name + " | ") + option.long_name;
    std::string line = "        " + names + ") kind=";
    if (takes_format(option)) {
        return line + "format words=\"" + joined(format_words(doc)) + "\" ;;\n";
    }
    if (!option.choices.empty()) {
        return line + "words words=\"" + joined(option.choices) + "\" ;;\n";
    }
    return line.append(kind_word(value_kind(option.placeholder))) + " ;;\n";
}

std::string versions_of(const CommandDoc& doc) {
    std::string words;
    for (const auto& format : doc.formats) {
        for (const auto version : format.versions) {
            append_word(words, version);
        }
    }
    return words;
}

/// The options of one command, and what stands behind each.
std::string command_case(const Command& command) {
    std::string options;
    std::string values;
    for (const auto& option : command.options.options()) {
        if (!option.short_name.empty()) {
            append_word(options, option.short_name);
        }
        append_word(options, option.long_name);
        if (option.arity == Arity::value || option.arity == Arity::list) {
            values += value_line(option, *command.doc);
        }
    }
    const auto& arguments = command.options.arguments();
    const ValueKind argument =
        arguments.empty() ? ValueKind::text : value_kind(arguments.front().name);
    std::string out = "    \"" + std::string(command.doc->name) + "\")\n        options=\"" +
                      options + "\"\n        argument=" + std::string(kind_word(argument)) +
                      " versions=\"" + versions_of(*command.doc) + "\"\n        case $name in\n";
    return out + values + "        esac\n        ;;\n";
}

/// Words that can stand first; a nested command's first word once.
std::string first_words(const AppSpec& app) {
    std::vector<std::string> words;
    for (const auto& step : app.steps) {
        words.emplace_back(step.name);
    }
    for (const auto& command : app.subcommands) {
        const std::string first(command.doc.name.substr(0, command.doc.name.find(' ')));
        if (std::ranges::find(words, first) == words.end()) {
            words.push_back(first);
        }
    }
    return joined(words) + " help version --help --version";
}

/// Second words of nested commands, by their first.
std::string nested_cases(const AppSpec& app) {
    std::string out;
    std::vector<std::string_view> done;
    for (const auto& command : app.subcommands) {
        const auto blank = command.doc.name.find(' ');
        const auto first = command.doc.name.substr(0, blank);
        if (blank == std::string_view::npos || std::ranges::find(done, first) != done.end()) {
            continue;
        }
        done.push_back(first);
        std::string seconds;
        for (const auto& other : app.subcommands) {
            if (other.doc.name.starts_with(std::string(first) + " ")) {
                append_word(seconds, other.doc.name.substr(blank + 1));
            }
        }
        out += "    if [[ $command == " + std::string(first) +
               " ]]; then\n        if ((COMP_CWORD == 2)); then\n"
               "            mapfile -t COMPREPLY < <(compgen -W \"" +
               seconds +
               "\" -- \"$cur\")\n            return\n        fi\n"
               "        command+=\" ${COMP_WORDS[2]}\"\n    fi\n";
    }
    return out;
}

/// `bulla oci copy` is completed as `bulla-oci copy`, by the function in the file beside this one.
std::string step_case(const AppSpec& app) {
    if (app.steps.empty()) {
        return {};
    }
    std::string steps;
    for (const auto& step : app.steps) {
        steps.append(steps.empty() ? "" : " | ").append(step.name);
    }
    return "    case ${COMP_WORDS[1]} in\n    " + steps +
           ")\n        local step=${COMP_WORDS[1]}\n"
           "        declare -F \"_bulla_$step\" >/dev/null ||\n"
           "            source \"${BASH_SOURCE[0]%/*}/bulla-$step\" 2>/dev/null || return\n"
           "        COMP_WORDS=(\"bulla-$step\" \"${COMP_WORDS[@]:2}\")\n"
           "        COMP_CWORD=$((COMP_CWORD - 1))\n"
           "        \"_bulla_$step\"\n        return\n        ;;\n    esac\n";
}

} // namespace

std::string bash_completion(const AppSpec& app) {
    const std::string program(app.program);
    const std::string function = function_of(app.program);
    std::string out = "# bash completion for " + program + ", written by `" + program +
                      " --generate=bash`\n\n" + function +
                      "() {\n    local cur=${COMP_WORDS[COMP_CWORD]} "
                      "prev=${COMP_WORDS[COMP_CWORD - 1]}\n    COMPREPLY=()\n"
                      "    if ((COMP_CWORD == 1)); then\n"
                      "        mapfile -t COMPREPLY < <(compgen -W \"" +
                      first_words(app) + "\" -- \"$cur\")\n        return\n    fi\n" +
                      step_case(app) + "    local command=${COMP_WORDS[1]}\n" + nested_cases(app);
    out.append(kSplit);
    out += "    local options= versions= argument= kind= words=\n    case $command in\n";
    for (const auto& command : commands_of(app)) {
        out += command_case(command);
    }
    out += "    esac\n";
    return out.append(kAnswer) + "}\n\ncomplete -F " + function + " " + program + "\n";
}

} // namespace bulla::cli::docgen
