// SPDX-License-Identifier: Apache-2.0
#include "cli/common/config_keys.hpp"
#include "cli/common/docgen.hpp"
#include "cli/common/help.hpp"
#include "cli/common/roff_page.hpp"

#include <algorithm>
#include <span>

namespace bulla::cli::docgen {

namespace {

/// bulla-oci-copy; a nested command has dashes for blanks.
std::string page_name(std::string_view program, std::string_view command) {
    std::string name = std::string(program) + "-" + std::string(command);
    std::ranges::replace(name, ' ', '-');
    return name;
}

void write_synopsis(RoffPage& page, std::string_view program, const Command& command) {
    page.section("SYNOPSIS");
    std::string line = bold(std::string(program) + " " + std::string(command.doc->name));
    line += " [" + italic("options") + "]";
    for (const auto& option : command.options.options()) {
        if (option.need == Need::required) {
            line += " " + bold(option.long_name) + " " + italic(option.placeholder);
        }
    }
    for (const auto& argument : command.options.arguments()) {
        std::string shown = italic(argument.name) + (argument.max > 1 ? "\\&..." : "");
        line += argument.min == 0 ? " [" + shown + "]" : " " + shown;
    }
    page.line(line);
}

std::string option_term(const OptionSet::Option& option) {
    std::string term = option.short_name.empty() ? "" : bold(option.short_name) + ", ";
    term += bold(option.long_name);
    if (!option.placeholder.empty()) {
        const bool words = !option.choices.empty();
        term += " " + (words ? bold(option.placeholder) : italic(option.placeholder));
    }
    return term;
}

/// A sentence of the option's help, and what else is known about it.
std::string option_text(const OptionSet::Option& option) {
    std::string text = option.help + ".";
    if (option.need == Need::required) {
        text += " Required.";
    }
    if (!option.default_text.empty()) {
        text += " Default: " + option.default_text + ".";
    }
    if (!option.environment.empty()) {
        text += " Environment: " + option.environment + ".";
    }
    return text;
}

void write_options(RoffPage& page, const Command& command) {
    page.section("OPTIONS");
    std::string_view group;
    for (const auto& argument : command.options.arguments()) {
        page.term(italic(argument.name), argument.help + ".");
    }
    std::vector<std::string_view> done;
    for (const auto& first : command.options.options()) {
        group = first.group;
        if (std::ranges::find(done, group) != done.end()) {
            continue;
        }
        done.push_back(group);
        page.subsection(group);
        for (const auto& option : command.options.options()) {
            if (option.group == group) {
                page.term(option_term(option), option_text(option));
            }
        }
    }
    if (!command.doc->formats.empty()) {
        page.subsection("Output formats");
    }
    for (const auto& format : command.doc->formats) {
        std::string text(format.meaning);
        for (const auto version : format.versions) {
            text.append(version == format.versions.front() ? "; version " : ", ").append(version);
        }
        page.term(bold(format.name), text + ".");
    }
}

void write_exits(RoffPage& page, const CommandDoc* doc) {
    page.section("EXIT STATUS");
    for (const auto code : all_exit_codes()) {
        if (doc == nullptr || can_end_with(*doc, code)) {
            page.term(bold(std::to_string(static_cast<int>(code))),
                      std::string(meaning(code)) + ".");
        }
    }
}

void write_environment(RoffPage& page, const Command& command) {
    page.section("ENVIRONMENT");
    for (const auto& option : command.options.options()) {
        if (!option.environment.empty()) {
            page.term(bold(option.environment),
                      "used where " + option.long_name + " is not given.");
        }
    }
    for (const auto& variable : command.doc->environment) {
        page.term(bold(variable.name), std::string(variable.meaning) + ".");
    }
}

void write_files(RoffPage& page, const OptionSet* options) {
    page.section("FILES");
    page.term(bold("~/.config/bulla/config.toml"),
              "settings; below XDG_CONFIG_HOME if that is set. bulla(1) says what it may hold.");
    if (options == nullptr || options->find("--cache-dir") != nullptr) {
        page.term(bold("~/.cache/bulla"),
                  "caches; below XDG_CACHE_HOME if that is set. May be removed at any time.");
    }
    if (options == nullptr || options->find("--plain-http") != nullptr) {
        page.term(bold("~/.docker/config.json"),
                  "credentials for registries, as docker login writes them; REGISTRY_AUTH_FILE, "
                  "DOCKER_AUTH_CONFIG and DOCKER_CONFIG name others, and Podman's auth.json is "
                  "read too.");
    }
}

std::string keys_that(Settable settable) {
    std::string out;
    for (const auto& key : config_keys()) {
        if (key.settable == settable) {
            out.append(out.empty() ? "" : ", ").append(key.name);
        }
    }
    return out + ".";
}

/// Stands in bulla(1), once for all programs.
void write_configuration(RoffPage& page) {
    page.section("CONFIGURATION");
    page.paragraphs(
        "The file named by --config or BULLA_CONFIG is read, else the user's own (see FILES) if "
        "there is one, and never one in the working folder. The command line comes first, then the "
        "environment, then the file. It is TOML; a name is a long option without its dashes. At "
        "the top it is for every command that has the option, in a table for the commands of one "
        "program, or for one command:");
    page.code("timeout = \"5m\"\n[bulla-oci]\njobs = 4\n[bulla-sbom.create]\nstrict = true");
    page.term("In any file:", keys_that(Settable::anywhere));
    page.term("In a file that was named:", keys_that(Settable::named_file));
    page.line(".PP");
    page.paragraphs("Everything else has to stand on the command line. --config /dev/null is how "
                    "to do without a file.");
}

std::vector<Example> first_examples(const AppSpec& app) {
    if (!app.examples.empty()) {
        return {app.examples.begin(), app.examples.end()};
    }
    std::vector<Example> out;
    for (const auto& command : app.subcommands) {
        if (!command.doc.examples.empty()) {
            out.push_back(command.doc.examples.front());
        }
    }
    return out;
}

} // namespace

std::string man_page(const AppSpec& app) {
    const std::string program(app.program);
    RoffPage page(program, app.summary, program + " --generate=man");
    const bool front_door = !app.steps.empty();
    page.section("SYNOPSIS");
    page.line(bold(program) + " " + italic(front_door ? "STEP" : "COMMAND") + " [" +
              italic(front_door ? "arguments of bulla-STEP" : "options") + "]");
    page.section("EXAMPLES");
    page.examples(first_examples(app));
    page.section(front_door ? "STEPS" : "COMMANDS");
    std::vector<std::string> others;
    for (const auto& step : app.steps) {
        page.term(bold(step.name), std::string(step.summary) + ".");
        others.push_back(program + "-" + std::string(step.name));
    }
    for (const auto& command : app.subcommands) {
        page.term(bold(command.doc.name), std::string(command.doc.summary) + ".");
        others.push_back(page_name(program, command.doc.name));
    }
    if (front_door) {
        write_configuration(page);
    } else {
        others.insert(others.begin(), "bulla");
    }
    write_exits(page, nullptr);
    write_files(page, nullptr);
    page.see_also(others);
    return page.finish();
}

std::string man_page(const AppSpec& app, const Subcommand& subcommand) {
    const std::string program(app.program);
    const std::string_view name = subcommand.doc.name;
    RoffPage page(page_name(program, name),
                  subcommand.doc.summary,
                  program + " " + std::string(name) + " --generate=man");
    const AppSpec alone{.program = app.program, .summary = {}, .subcommands = {subcommand}};
    const auto commands = commands_of(alone);
    const auto& command = commands.front();
    write_synopsis(page, program, command);
    if (!command.doc->examples.empty()) {
        page.section("EXAMPLES");
        page.examples(command.doc->examples);
    }
    page.section("DESCRIPTION");
    page.paragraphs(command.doc->description.empty() ? command.doc->summary
                                                     : command.doc->description);
    write_options(page, command);
    write_exits(page, command.doc);
    write_environment(page, command);
    write_files(page, &command.options);
    std::vector<std::string> others{"bulla"};
    if (program != "bulla") {
        others.push_back(program);
    }
    for (const auto& other : app.subcommands) {
        if (other.doc.name != name) {
            others.push_back(page_name(program, other.doc.name));
        }
    }
    page.see_also(others);
    return page.finish();
}

} // namespace bulla::cli::docgen
