// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/common/app.hpp"

#include <string>
#include <vector>

namespace bulla::cli::verify {

struct BlobOptions {
    std::string file;
    std::string bundle;
    std::string type;
    std::vector<std::string> keys;
};

/// bulla-verify blob: is the file what the bundle beside it was made for?
Subcommand blob_command();

Result<ExitCode> run_blob(const BlobOptions& options, Context& context);

} // namespace bulla::cli::verify
