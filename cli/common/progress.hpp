// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/core/progress.hpp"
#include "cli/common/common_options.hpp"
#include "cli/common/console.hpp"

#include <cstdint>
#include <memory>
#include <string>

namespace bulla::cli {

/// The progress display that the options and standard error ask for: bars on a terminal, else a
/// line when a piece of work ends (with `automatic` only if it took a second), or nothing. Both
/// references must outlive it. Safe for use from several threads.
std::unique_ptr<ProgressSink>
make_progress(const CommonOptions& options, Console& console, Logger& logger);

/// One bar of at most `width` columns: name, bar, percentage, amounts. Without a total there is
/// only the amount done.
std::string
format_bar(const std::string& name, std::uint64_t done, std::uint64_t total, std::size_t width);

/// "612 B", "1.2 KiB", "27.0 MiB".
std::string format_size(std::uint64_t bytes);

} // namespace bulla::cli
