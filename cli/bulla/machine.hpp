// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/common/doctor_report.hpp"

#include <optional>
#include <string>

namespace bulla::cli {

/// The kernel, and what it offers for shutting a process in: Landlock and seccomp. Nothing needs
/// either yet, so this is never a problem.
Finding check_kernel();

/// The cache folder: its size, and whether it can be written. Nothing if there is to be none.
Finding check_cache(const std::optional<std::string>& folder);

/// Which tools of others that work on the same evidence are in PATH.
Finding check_peers();

} // namespace bulla::cli
