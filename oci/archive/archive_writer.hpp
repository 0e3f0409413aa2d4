// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "oci/store/repository.hpp"

#include <memory>
#include <string>

namespace bulla::oci {

/// Writes a new OCI archive: the files of an image layout in a plain tar. Blobs stand in the order
/// in which they are put, so that whoever puts them one after the other gets the same bytes for the
/// same image. The file appears under its name when `finish` succeeds, in place of one that was
/// there.
class ArchiveWriter {
  public:
    static Result<ArchiveWriter> create(const std::string& path);

    ArchiveWriter(ArchiveWriter&&) noexcept;
    ~ArchiveWriter();

    /// Where images are put. Good until `finish`. Manifests cannot be fetched back from it.
    Repository& repository();

    /// Writes what lists the images, and publishes the file.
    Status finish();

  private:
    class Files;

    ArchiveWriter(std::unique_ptr<Repository> repository, Files& files);

    std::unique_ptr<Repository> repository_; ///< owns files_
    Files* files_;
};

} // namespace bulla::oci
