// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/common/app.hpp"

#include <string>

namespace bulla::cli::sign {

struct BlobOptions {
    std::string file;
    std::string key;
    std::string bundle;
};

/// bulla-sign blob: signs a file into a bundle beside it.
Subcommand blob_command();

Result<ExitCode> run_blob(const BlobOptions& options, Context& context);

} // namespace bulla::cli::sign
