// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/common/app.hpp"
#include "cli/sign/sign_support.hpp"

#include <string>
#include <vector>

namespace bulla::cli::sign {

struct ImageOptions {
    std::string image;
    std::string key;
    SignatureFormat format = SignatureFormat::bundle;
    std::vector<std::string> annotations;
    bool recursive = false;
    RegistryOptions registry;
};

/// bulla-sign image: signs the digest that a reference resolves to.
Subcommand image_command();

Result<ExitCode> run_image(const ImageOptions& options, Context& context);

} // namespace bulla::cli::sign
