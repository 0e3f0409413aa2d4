// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/io/file.hpp"
#include "oci/store/raw_index.hpp"

#include <cstdint>
#include <functional>
#include <string>

namespace bulla::oci {

/// The files of an OCI image layout (image-spec image-layout.md): oci-layout, index.json, blobs/.
/// Names below the folder come from digests only, and no symlink is followed, whatever the folder
/// holds. Safe for use from several threads and processes.
class LayoutFolder {
  public:
    /// Opens an existing layout: without the folder not_found, without oci-layout or index.json
    /// malformed.
    static Result<LayoutFolder> open(const std::string& path);

    /// Makes the folder and its two files where they are missing. A folder with other things in it
    /// and no oci-layout is refused.
    static Result<LayoutFolder> create_or_open(const std::string& path);

    const std::string& path() const { return path_; }

    Result<RawIndex> read_index() const;

    /// Reads index.json, lets `edit` change it and replaces it unless it stayed as it was or `edit`
    /// failed, with all other writers locked out from the reading on.
    enum class Edited : std::uint8_t { no, yes };
    Status edit_index(const std::function<Result<Edited>(RawIndex&)>& edit) const;

    /// Opens a blob for reading; not_found if it is not there.
    Result<FileDescriptor> open_blob(const Digest& digest) const;

    /// True if a blob of that size is there.
    Result<bool> has_blob(const Digest& digest, std::uint64_t size) const;

    /// The file a blob is written through; visible when committed.
    Result<AtomicFile> create_blob(const Digest& digest) const;

  private:
    LayoutFolder(std::string path, FileDescriptor directory)
        : path_(std::move(path)), directory_(std::move(directory)) {}

    static Result<LayoutFolder> open_directory(const std::string& path);
    Result<FileDescriptor> open_beneath(const std::string& name, int flags) const;
    Result<Bytes> read_beneath(const std::string& name, std::uint64_t limit) const;
    Status check_layout_file() const;

    std::string path_;
    FileDescriptor directory_;
};

} // namespace bulla::oci
