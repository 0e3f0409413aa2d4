// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/common/command_doc.hpp"
#include "cli/common/option_set.hpp"

#include <string>
#include <string_view>

namespace bulla::cli {

/// What `PROGRAM NAME --help` prints: examples first, then usage, arguments, options by group,
/// output formats, exit codes, environment. At most 100 columns wide.
std::string format_help(std::string_view program, const CommandDoc& doc, const OptionSet& options);

/// "bulla-sbom create [options] SOURCE".
std::string format_usage(std::string_view program, const CommandDoc& doc, const OptionSet& options);

/// True if the command can end with this code: one that every command has, or that its record
/// lists.
bool can_end_with(const CommandDoc& doc, ExitCode code);

/// Text broken at blanks so that no line is over `width` columns; each line after the first is
/// indented by `indent`. A word longer than a line stays whole. Lines end in newlines.
std::string wrapped(std::string_view text, std::size_t indent, std::size_t width = 100);

} // namespace bulla::cli
