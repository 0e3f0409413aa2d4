// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/core/result.hpp"
#include "cli/common/command_doc.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace bulla::cli {

/// One --output: what is written, and where to.
struct OutputSpec {
    std::string format;  ///< "cyclonedx-json"
    std::string version; ///< "1.6"; empty for the format's default
    std::string path;    ///< empty for standard output

    bool to_stdout() const { return path.empty(); }

    /// Parses FORMAT[@VERSION][=FILE]. FILE is everything behind the first "=" and may hold more of
    /// them; "-", /dev/stdout and /dev/fd/1 are standard output. Errors are usage.
    static Result<OutputSpec> parse(std::string_view text);
};

/// Checks all --output of a run together and completes them: with none, the first format goes to
/// standard output; a missing version becomes the format's default. Usage errors: a format or
/// version that does not exist, two outputs to standard output, two to one file.
Result<std::vector<OutputSpec>> resolve_outputs(std::vector<OutputSpec> wanted,
                                                std::span<const OutputFormat> formats);

} // namespace bulla::cli
