// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/core/progress.hpp"
#include "base/core/result.hpp"
#include "base/io/file.hpp"
#include "base/walk/entry_router.hpp"
#include "base/walk/layer_facts.hpp"
#include "oci/manifest/descriptor.hpp"

#include <cstdint>
#include <optional>

namespace bulla::oci {

enum class DiffIdCheck : std::uint8_t {
    trust,  ///< only the blob digest is checked; the diff_id is the config's claim
    verify, ///< the inflated stream is hashed as well (`--strict`)
};

/// One layer to read: an open descriptor that yields the blob's bytes from its current position (a
/// file, or the end of a pipe that somebody fills), and what those bytes must be. Where the blob is
/// a part of a file, `blob_offset` says where it begins: it is then read by position, so that
/// several jobs may share what one descriptor stands for, and what follows the blob is not looked
/// at.
struct LayerJob {
    FileDescriptor blob;
    Digest blob_digest;
    std::uint64_t blob_size = 0;
    std::optional<std::uint64_t> blob_offset{};
    std::optional<Digest> diff_id{}; ///< required for DiffIdCheck::verify
    DiffIdCheck diff_id_check = DiffIdCheck::trust;
};

/// Turns a layer's bytes into LayerFacts. The seam behind which the parsing of hostile bytes
/// happens: today a thread in this process, later a sandboxed one. Implementations are safe to call
/// from several threads.
class LayerReader {
  public:
    virtual ~LayerReader() = default;

    /// Reads the blob once: hashes it, inflates it (magic bytes decide: gzip with any number of
    /// members, zstd with any number of frames, or plain tar), walks the tar, keeps what the router
    /// wants. The facts exist only if size and digest matched and no byte trailed (in a part of a
    /// file: size and digest); a mismatch is integrity, and everything parsed so far is dropped.
    /// `progress` advances by compressed bytes.
    virtual Result<walk::LayerFacts>
    read(LayerJob job, const walk::EntryRouter& router, ProgressTask& progress) = 0;
};

/// The reader that works in this process, as a pipeline of threads on layers that are worth it.
std::unique_ptr<LayerReader> make_in_process_layer_reader();

} // namespace bulla::oci
