// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/common/app.hpp"

#include <string>
#include <vector>

namespace bulla::cli::verify {

struct ImageOptions {
    std::string image;
    std::vector<std::string> keys;
    std::vector<std::string> annotations;
    std::string type; ///< of attestations
    RegistryOptions registry;
};

/// bulla-verify image: is the image signed with one of the keys?
Subcommand image_command();

/// bulla-verify attestation: is there a statement of that type about the image, signed with one of
/// the keys?
Subcommand attestation_command();

Result<ExitCode> run_image(const ImageOptions& options, Context& context);
Result<ExitCode> run_attestation(const ImageOptions& options, Context& context);

} // namespace bulla::cli::verify
