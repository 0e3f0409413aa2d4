// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/core/result.hpp"
#include "cli/common/command_doc.hpp"
#include "cli/common/context.hpp"
#include "cli/common/exit_code.hpp"
#include "cli/common/option_set.hpp"

#include <functional>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace bulla::cli {

/// One subcommand: what it is, what it takes, what it does.
struct Subcommand {
    CommandDoc doc;
    std::function<void(OptionSet&)> add_options;
    std::function<Result<ExitCode>(Context&)> run;
};

/// A subcommand whose options are a plain struct:
///
///     const CommandDoc kDoc{.name = "create", ...};
///     void add_options(OptionSet& set, CreateOptions& options);                 // options.cpp
///     Result<ExitCode> run(const CreateOptions& options, Context& context);     // run.cpp
///     ...
///     make_subcommand(kDoc, &add_options, &run)
template <class Options>
Subcommand make_subcommand(const CommandDoc& doc,
                           void (*add_options)(OptionSet&, Options&),
                           Result<ExitCode> (*run)(const Options&, Context&)) {
    const std::shared_ptr<Options> options = std::make_shared<Options>(); // of both functions
    return {doc,
            [options, add_options](OptionSet& set) { add_options(set, *options); },
            [options, run](Context& context) { return run(*options, context); }};
}

/// What a front door leads to: `bulla NAME …` is `bulla-NAME …`.
struct Step {
    std::string_view name;
    std::string_view summary; ///< one line
};

struct AppSpec {
    std::string_view program; ///< "bulla-sbom"
    std::string_view summary; ///< one line
    std::vector<Subcommand> subcommands;
    std::span<const Step> steps{};       ///< of the front door; for its documentation
    std::span<const Example> examples{}; ///< if not those of the subcommands
};

/// The main function of a binary: reads the command line, runs the subcommand, publishes its
/// outputs, reports its error and returns the exit code. Sets the process up first: standard
/// descriptors open, LC_CTYPE C.UTF-8, signals. An exception that gets here is exit 70.
int run_app(int argc, char** argv, const AppSpec& app) noexcept;

} // namespace bulla::cli
