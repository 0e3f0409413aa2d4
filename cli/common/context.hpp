// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/core/clock.hpp"
#include "base/core/logger.hpp"
#include "base/core/progress.hpp"
#include "cli/common/common_options.hpp"
#include "cli/common/console.hpp"
#include "cli/common/outputs.hpp"

#include <string>

namespace bulla::cli {

/// What a subcommand's run works with. Everything outlives the run.
struct Context {
    std::string program; ///< "bulla-sbom"
    const CommonOptions& options;
    ConsoleLogger& logger; ///< a Logger; `report` prints an Error for runs that go on after it
    ProgressSink& progress;
    const Clock& clock;
    Outputs& output; ///< published by run_app when the run returns an exit code
};

} // namespace bulla::cli
