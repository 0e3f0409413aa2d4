// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/common/exit_code.hpp"

#include <span>
#include <string_view>

namespace bulla::cli {

/// A complete line to copy, and what it is for.
struct Example {
    std::string_view purpose;
    std::string_view command;
};

struct EnvironmentVariable {
    std::string_view name;
    std::string_view meaning;
};

/// A FORMAT that --output takes.
struct OutputFormat {
    std::string_view name;
    std::string_view meaning;
    /// What may stand behind "@", the default first; empty if the format has one version.
    std::span<const std::string_view> versions{};
};

/// Everything people are told about one subcommand: one record from which --help, man pages and
/// completions are made. Views point to constants that live as long as the program.
struct CommandDoc {
    std::string_view name;               ///< "create"; two words for a nested one: "db import"
    std::string_view summary;            ///< one line, without a final stop
    std::string_view description{};      ///< paragraphs separated by an empty line
    std::span<const Example> examples{}; ///< the line for CI first
    std::span<const ExitCode> exits{};   ///< besides 0, 2, 3, 70, 130 and 143, which all have
    std::span<const EnvironmentVariable> environment{}; ///< besides those shown with the options
    std::span<const OutputFormat> formats{}; ///< what --output takes; the first is the default
};

} // namespace bulla::cli
