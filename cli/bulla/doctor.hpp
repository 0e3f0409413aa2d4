// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/common/app.hpp"

#include <optional>
#include <string>

namespace bulla::cli {

struct DoctorOptions {
    std::optional<std::string> registry;
    bool plain_http = false;
};

/// bulla doctor: what of this machine would make a command fail.
Subcommand doctor_command();

Result<ExitCode> run_doctor(const DoctorOptions& options, Context& context);

} // namespace bulla::cli
