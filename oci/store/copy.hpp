// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/core/progress.hpp"
#include "oci/store/repository.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

namespace bulla::oci {

enum class Attachments : std::uint8_t {
    leave,    ///< the image alone
    recursive ///< with everything that refers to it or to parts of it, and what refers to that;
              ///< also signatures, attestations and documents under their older tags
};

struct CopyOptions {
    std::string tag{}; ///< in the target; empty for none
    Attachments attachments = Attachments::leave;
    std::size_t jobs = 3; ///< blobs at a time
};

struct CopyResult {
    std::size_t manifests = 0; ///< stored, those that were there already included
    std::size_t blobs = 0;     ///< sent
    std::size_t blobs_there = 0;
    std::size_t blobs_mounted = 0; ///< taken over from another repository of the same registry
    std::size_t attachments = 0;   ///< of `manifests`, those that are no part of the image
    std::uint64_t bytes = 0;       ///< of the blobs sent
};

/// Copies an image, an index with everything in it, or any artifact, byte for byte. Blobs go first,
/// then the manifests that name them, children before parents, the tag last, so that nothing
/// partial is ever visible; attachments follow the image they belong to, and the target lists them
/// in its own way. Layers that may not be distributed stay where they are. Entries of an index that
/// are no manifests are passed over; one that the source does not have is not_found. Bounded:
/// limits::kIndexDepth, kIndexEntries, kAttachments.
Result<CopyResult> copy_image(BlobSource& from,
                              const StoredManifest& root,
                              Repository& to,
                              const CopyOptions& options,
                              ProgressSink& progress);

} // namespace bulla::oci
