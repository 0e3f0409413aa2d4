// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/core/progress.hpp"
#include "base/walk/entry_router.hpp"
#include "oci/layer/layer_cache.hpp"
#include "oci/layer/layer_reader.hpp"
#include "oci/rootfs/merged_rootfs.hpp"
#include "oci/store/repository.hpp"

#include <span>
#include <string_view>

namespace bulla::oci {

struct LoadOptions {
    unsigned jobs = 2; ///< layers read at the same time, at least 1
    DiffIdCheck diff_id_check = DiffIdCheck::trust;
    const LayerCache* cache = nullptr; ///< results of earlier runs, if wanted; not owned
    Logger* logger = nullptr;          ///< not owned; told why a cached result is not used
};

/// Reads all layers of an image and merges them: layers in parallel, largest first, layers whose
/// result is cached not at all. Files that a wanted name links to and that were not kept, or that a
/// scanner could not do in passing, cause a second reading of their layers (docs/adr/0008).
///
/// Refused before anything is read: a number of layers that is not the number of diff_ids
/// (malformed), and layers that are not tar archives or are encrypted (unsupported, all of them
/// named). Of several failing layers the lowest one's error is returned.
Result<MergedRootfs> load_rootfs(BlobSource& source,
                                 const Manifest& manifest,
                                 const ImageConfig& config,
                                 const walk::RouterSpec& wanted,
                                 LayerReader& reader,
                                 const LoadOptions& options,
                                 ProgressSink& progress);

} // namespace bulla::oci
