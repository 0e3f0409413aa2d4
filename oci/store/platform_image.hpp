// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "oci/store/repository.hpp"

#include <optional>
#include <vector>

namespace bulla::oci {

/// One runnable image and how it was reached.
struct PlatformImage {
    StoredManifest manifest;     ///< the platform manifest, never an index
    Manifest parsed;             ///< the same, read
    std::vector<Digest> indexes; ///< the indexes that led to it, outermost first; empty if none did
    std::optional<Platform> platform{}; ///< of the manifest, if an index led to it
};

/// Follows an index (and indexes inside it, at most limits::kIndexDepth deep) to the manifest of
/// one platform (image-spec image-index.md). A manifest is returned as it is. An index that
/// contains itself is malformed. With PlatformChoice::explicit_request a manifest found without an
/// index must have a config of that platform; another is not_found.
Result<PlatformImage> select_image(BlobSource& source,
                                   StoredManifest top,
                                   const Platform& platform,
                                   PlatformChoice choice);

/// Fetches and reads the config of an image. An artifact that is no image (a signature, a chart) is
/// unsupported.
Result<ImageConfig> fetch_image_config(BlobSource& source, const Manifest& manifest);

/// Every manifest and index below an index, children before the index that lists them, each once;
/// the top itself is last. Only indexes are fetched; what they list is described as they describe
/// it. More than limits::kIndexEntries are limit_exceeded.
Result<std::vector<Descriptor>> list_descendants(BlobSource& source, const StoredManifest& top);

} // namespace bulla::oci
