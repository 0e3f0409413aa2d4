// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/common/app.hpp"
#include "cli/sign/sign_support.hpp"

#include <string>

namespace bulla::cli::sign {

struct AttestOptions {
    std::string image;
    std::string key;
    std::string type;
    std::string predicate;
    SignatureFormat format = SignatureFormat::bundle;
    RegistryOptions registry;
};

/// bulla-sign attest: signs a statement about an image.
Subcommand attest_command();

Result<ExitCode> run_attest(const AttestOptions& options, Context& context);

} // namespace bulla::cli::sign
