// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/io/file.hpp"
#include "oci/store/layout_files.hpp"

#include <cstdint>
#include <functional>
#include <string>

namespace bulla::oci {

/// The files of an OCI image layout (image-spec image-layout.md): oci-layout, index.json, blobs/.
/// Names below the folder come from digests only, and no symlink is followed, whatever the folder
/// holds. Safe for use from several threads and processes.
class LayoutFolder final : public LayoutFiles {
  public:
    /// Opens an existing layout: without the folder not_found, without oci-layout or index.json
    /// malformed.
    static Result<LayoutFolder> open(const std::string& path);

    /// Makes the folder and its two files where they are missing. A folder with other things in it
    /// and no oci-layout is refused.
    static Result<LayoutFolder> create_or_open(const std::string& path);

    const std::string& path() const { return path_; }

    std::string name() const override;
    std::string title() const override;
    Result<RawIndex> read_index() const override;

    Status edit_index(const std::function<Result<Edited>(RawIndex&)>& edit) const override;
    Result<BlobFile> open_blob(const Digest& digest) const override;
    Result<bool> has_blob(const Digest& digest, std::uint64_t size) const override;
    Status write_blob(const Descriptor& blob, Reader& content) const override;

  private:
    LayoutFolder(std::string path, FileDescriptor directory)
        : path_(std::move(path)), directory_(std::move(directory)) {}

    static Result<LayoutFolder> open_directory(const std::string& path);
    Result<FileDescriptor> open_beneath(const std::string& name, int flags) const;
    Result<Bytes> read_beneath(const std::string& name, std::uint64_t limit) const;
    Status check_layout_file() const;
    Result<AtomicFile> create_blob(const Digest& digest) const;

    std::string path_;
    FileDescriptor directory_;
};

} // namespace bulla::oci
