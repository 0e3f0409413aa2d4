// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "oci/archive/archive_file.hpp"

#include <memory>

namespace bulla::oci {

/// The error for whatever would change an archive, with the way out.
Error refuse_writing(const ArchiveFile& archive);

/// Opens the OCI image layout that an archive holds (image-spec image-layout.md) for reading; what
/// a tag means is as in a layout folder. malformed if it is none. Writing is unsupported: an
/// archive is made as a whole (ArchiveWriter).
Result<std::unique_ptr<Repository>> open_layout_archive(std::shared_ptr<const ArchiveFile> archive);

} // namespace bulla::oci
