// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/core/bytes.hpp"
#include "base/core/result.hpp"
#include "cli/common/output_spec.hpp"

#include <memory>
#include <string_view>
#include <vector>

namespace bulla::cli {

/// Where a run's results go. Everything is prepared first and published last, so that a failure
/// publishes nothing: regular files are written beside their target and renamed at the end, what is
/// not a regular file (standard output, /dev/null, a FIFO, >(…)) is written in place and first,
/// because that may still fail. Not thread-safe.
class Outputs {
  public:
    /// `wanted` comes from resolve_outputs.
    explicit Outputs(std::vector<OutputSpec> wanted);
    Outputs(Outputs&&) noexcept;
    Outputs& operator=(Outputs&&) = delete;
    ~Outputs(); ///< drops what was not published

    /// What the user asked for, at least one entry if the command has formats. The usual loop
    /// encodes and prepares each.
    const std::vector<OutputSpec>& wanted() const { return wanted_; }

    bool wants(std::string_view format) const;

    /// Takes a document for one of `wanted()`. Errors (no space, no permission) are io or
    /// not_found.
    Status prepare(const OutputSpec& output, Bytes document);

    /// Prepares the same document for every output of that format.
    Status prepare_all(std::string_view format, const Bytes& document);

    /// Publishes what was prepared, once; called for every run that returns an exit code, and
    /// earlier by runs whose later steps must not start before results are safe. A closed pipe is
    /// no error. Fails with `cancelled` after an interruption.
    Status publish();

  private:
    struct Prepared;

    std::vector<OutputSpec> wanted_;
    std::vector<Prepared> prepared_;
};

/// Writes to standard output, in place. A reader that went away (EPIPE) is no error; a full disk or
/// a closed standard output is io.
Status write_stdout(ByteView bytes);

} // namespace bulla::cli
