// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/common/app.hpp"

#include <optional>
#include <string>

namespace bulla::cli::oci {

struct DoctorOptions {
    std::optional<std::string> registry; ///< "ghcr.io" or the name of an image there
    bool plain_http = false;
};

/// bulla-oci doctor: what of this machine concerns registries. `bulla doctor` shows it with the
/// rest.
Subcommand doctor_command();

Result<ExitCode> run_doctor(const DoctorOptions& options, Context& context);

} // namespace bulla::cli::oci
