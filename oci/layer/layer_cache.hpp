// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/core/digest.hpp"
#include "base/core/logger.hpp"
#include "base/core/progress.hpp"
#include "base/core/result.hpp"
#include "base/io/file.hpp"
#include "base/walk/entry_router.hpp"
#include "base/walk/layer_facts.hpp"
#include "oci/layer/layer_reader.hpp"

#include <functional>
#include <optional>
#include <string>

namespace bulla::oci {

/// A folder of LayerFacts, so that a layer that was read once is not read again. The key is the
/// blob's digest, which the reader has verified, and the version of router and limits; nothing that
/// an image's configuration says is part of it. What comes out is checked: each file carries its
/// key and a SHA-256 over its bytes, and content in a file of its own is compared with its name. A
/// damaged or foreign entry is a miss. Safe for several threads and processes.
class LayerCache {
  public:
    /// Uses a folder, which is made (with its parents, for the owner only) when the first entry is
    /// stored.
    explicit LayerCache(std::string folder) : folder_(std::move(folder)) {}

    /// The facts stored for this blob and router. Why an entry that exists is not used goes to
    /// `logger` at debug.
    std::optional<walk::LayerFacts>
    find(const Digest& blob, const walk::EntryRouter& router, Logger& logger) const;

    /// Stores facts, atomically. Facts that hold nothing but a claim must not be stored: pass only
    /// what LayerReader answered for this very digest.
    Status
    store(const Digest& blob, const walk::EntryRouter& router, const walk::LayerFacts& facts) const;

  private:
    std::string facts_path(const std::string& key) const;
    std::string content_path(ByteView hash) const;
    Status store_content(const walk::LayerFacts& facts) const;

    std::string folder_;
};

/// What reading a layer through the cache needs beside the layer itself.
struct CachedReading {
    const LayerCache* cache = nullptr; ///< none: the layer is read
    LayerReader& reader;
    const walk::EntryRouter& router;
    Logger& logger;
};

/// The facts of a layer: from the cache, or read from what `open_blob` opens (it sets the job's
/// `blob` and `blob_offset`) and then stored. Under DiffIdCheck::verify cached facts count only if
/// the hash of the inflated stream is among them, and are compared with the diff_id: a mismatch is
/// integrity. A cache that cannot be written is a warning, not an error.
Result<walk::LayerFacts> read_layer_cached(const CachedReading& reading,
                                           LayerJob job,
                                           const std::function<Status(LayerJob&)>& open_blob,
                                           ProgressTask& progress);

} // namespace bulla::oci
