// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/core/result.hpp"
#include "base/io/reader.hpp"
#include "oci/store/repository.hpp"

#include <functional>

namespace bulla::oci {

/// Reads a stream to its end and gives what it yields, inflated if its magic bytes say gzip or
/// zstd, to `sink` in blocks. limit_exceeded for more than limits::kSpooledBytes, or beyond
/// limits::kLayerRatio; other compressions are unsupported.
Status inflate(Reader& source, const std::function<Status(ByteView)>& sink);

/// Compares each compressed layer of an image whose manifest we made with its diff_id, which alone
/// vouches for it (integrity). Plain layers have it for their digest, and are compared whenever
/// they are read.
Status check_diff_ids(BlobSource& source, const StoredManifest& image);

} // namespace bulla::oci
