// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/core/bytes.hpp"
#include "base/core/result.hpp"
#include "base/io/file_view.hpp"

#include <cstdint>
#include <functional>
#include <string>

namespace bulla::sbom {

/// One file of an rpm database, read in places: a database of 100 MiB is never in memory whole.
/// Refers to what it was made of, which must outlive it.
class RpmFile {
  public:
    RpmFile(const FileView& view, FileEntry entry);
    explicit RpmFile(ByteView bytes);

    std::uint64_t size() const { return size_; }

    /// `length` bytes from `offset` on; malformed if they are not all inside the file.
    Result<FileContent> read(std::uint64_t offset, std::uint64_t length) const;

  private:
    std::uint64_t size_;
    std::function<Result<FileContent>(std::uint64_t, std::uint64_t)> read_;
};

/// Called with one package's header (RpmHeader::parse); the bytes are gone when it returns. An
/// error ends the reading and is handed on.
using RpmHeaderSink = std::function<Status(ByteView header)>;

/// ErrorCode::malformed with this text.
Error damaged(std::string text);

} // namespace bulla::sbom
