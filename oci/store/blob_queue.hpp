// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/core/progress.hpp"
#include "oci/store/repository.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace bulla::oci {

struct BlobTotals {
    std::size_t sent = 0;
    std::size_t there = 0;
    std::size_t mounted = 0; ///< taken over from another repository of the same registry
    std::uint64_t bytes = 0;
};

/// Copies blobs, `jobs` at a time, each verified on its way. The first failure stops the others
/// after the blob they are at.
Result<BlobTotals> copy_blobs(BlobSource& from,
                              BlobSink& to,
                              const std::vector<Descriptor>& blobs,
                              std::size_t jobs,
                              ProgressSink& progress);

} // namespace bulla::oci
