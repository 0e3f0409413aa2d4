// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/core/result.hpp"
#include "cli/common/app.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// Man pages, completions and a reference, written from what the commands declare: CommandDoc and
/// OptionSet are all they know. Same program, same bytes: no date, no commit, no machine.
namespace bulla::cli::docgen {

/// A subcommand with its options declared, the common ones included.
struct Command {
    const CommandDoc* doc = nullptr;
    OptionSet options;
};

/// The commands of a program, in its order. The subcommands must outlive the result, which declares
/// options into their targets and must not be parsed with.
std::vector<Command> commands_of(const AppSpec& app);

/// What a value on the command line is, as far as completion cares.
enum class ValueKind : std::uint8_t { text, file, folder, image };

/// By the placeholder, which says what the value is: FILE and KEY are files, DIR is a folder,
/// IMAGE, SOURCE and DESTINATION are images. An argument's name counts as its placeholder.
ValueKind value_kind(std::string_view placeholder);

/// True if the option is --output, whose values are the command's formats.
bool takes_format(const OptionSet::Option& option);

/// "cyclonedx-json", "cyclonedx-json@1.6": what may stand behind --output.
std::vector<std::string> format_words(const CommandDoc& doc);

/// The page bulla-oci.1, or with a command bulla-oci-copy.1, in man(7).
std::string man_page(const AppSpec& app);
std::string man_page(const AppSpec& app, const Subcommand& command);

std::string bash_completion(const AppSpec& app);
std::string zsh_completion(const AppSpec& app);
std::string fish_completion(const AppSpec& app);

/// One page on a program with all its commands.
std::string markdown(const AppSpec& app);

/// The answer to `--generate=FORM`: man, bash, zsh, fish, markdown, or `commands` (the names of the
/// commands, one a line). `command` is null when no command stands before it; with one, only man
/// is there. Usage errors: anything else.
Result<std::string> generate(std::string_view form, const AppSpec& app, const Subcommand* command);

/// The word that asks for it: "--generate=".
inline constexpr std::string_view kAsked = "--generate=";

} // namespace bulla::cli::docgen
