// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/io/file.hpp"
#include "base/io/reader.hpp"

#include <cstdint>

namespace bulla::oci {

/// An archive that can be read by position.
struct SeekableFile {
    FileDescriptor file;
    std::uint64_t size = 0;
};

/// Gives a descriptor that can be read by position: itself if it is a file with a plain tar in it
/// from the start on; else an unlinked temporary file (TMPDIR) with what it yields, inflated if its
/// magic bytes say gzip or zstd. Bounded by limits::kSpooledBytes and limits::kLayerRatio
/// (limit_exceeded); what is neither a file nor a pipe is malformed.
Result<SeekableFile> make_seekable(FileDescriptor source);

} // namespace bulla::oci
