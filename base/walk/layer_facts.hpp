// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/core/bytes.hpp"
#include "base/core/result.hpp"
#include "base/io/file.hpp"
#include "base/io/file_view.hpp"
#include "base/walk/entry_scanner.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bulla::walk {

/// What one tar entry of a layer means for the merged tree (OCI image-spec layer.md).
enum class EntryKind : std::uint8_t {
    regular,
    directory,
    symlink,
    hard_link,
    character_device,
    block_device,
    fifo,
    whiteout, ///< hides `path` of lower layers ("Whiteouts")
    opaque,   ///< hides all lower children of the directory `path` ("Opaque Whiteout")
};

enum class ContentState : std::uint8_t {
    none,      ///< not a regular file, or nobody asked for it
    kept,      ///< the bytes are in the facts
    too_large, ///< asked for, but larger than the pattern's bound
};

/// One entry as it stands in LayerFacts. The views are good for the duration of the visit: paths
/// are stored as differences and put together on the way.
struct EntryFact {
    EntryKind kind = EntryKind::regular;
    ContentState content_state = ContentState::none;
    std::string_view path;            ///< normalised, see FileEntry::path
    std::string_view target;          ///< of a symlink (as written) or hard link (normalised)
    std::uint64_t size = 0;           ///< of a regular file
    std::uint64_t content_offset = 0; ///< in the content of the layer, if kept
};

/// What a scanner found out about one entry.
struct ScanFact {
    std::uint64_t entry = 0;   ///< its number in stream order, from 0
    std::uint32_t scanner = 0; ///< EntryRouter::scanners of the router it was read with
    bool incomplete = false;   ///< ScanResult::incomplete
    std::uint64_t size = 0;    ///< of the facts
    std::uint64_t content_offset = 0;
};

/// Everything one reading of a layer found out, as a versioned, bounded byte string: what a layer
/// job answers, what the cache stores, and what a worker process sends. Small content is inside the
/// bytes; content beyond limits::kKeptInMemoryBytes is in a second file, named in the bytes by its
/// size and SHA-256.
///
/// Foreign bytes as far as the parent is concerned: `parse` checks every offset and bound, so that
/// reading a fact afterwards needs no check.
class LayerFacts {
  public:
    /// Checks and takes over serialised facts. `overflow` is the second file, or closed if the
    /// bytes name none. A wrong version, a bad offset or a missing overflow file is malformed. The
    /// overflow file's digest is not verified here.
    static Result<LayerFacts> parse(Bytes bytes, FileDescriptor overflow);

    LayerFacts(LayerFacts&&) noexcept;
    LayerFacts& operator=(LayerFacts&&) noexcept;
    ~LayerFacts();

    /// The serialised form, as given to `parse`.
    ByteView bytes() const;

    /// The number of entries. Entries are in the order of the tar stream. A path may occur more
    /// than once; whoever applies them in order gets what unpacking gets, the last (dropping the
    /// earlier ones here would change what a hard link between them binds to).
    std::size_t size() const;

    /// Calls `visit` for each entry in stream order.
    void for_each(const std::function<void(const EntryFact&)>& visit) const;

    /// The kept bytes of an entry (of which only size and content_offset are looked at): a copy if
    /// they are in the overflow file, a view into these facts otherwise.
    Result<FileContent> read_content(const EntryFact& entry) const;

    /// Calls `visit` for each scan that had a result, by entry and scanner.
    void for_each_scan(const std::function<void(const ScanFact&)>& visit) const;

    /// The facts of a scan (of which only size and content_offset are looked at).
    Result<FileContent> read_scan(const ScanFact& scan) const;

    /// The SHA-256 of the inflated tar stream if it was computed (`--strict`), else empty; raw 32
    /// bytes.
    ByteView diff_id_hash() const;

    /// Remarks about the layer that a person should see (clamped paths, data after the end), at
    /// most 64.
    std::vector<std::string> notes() const;

    /// The overflow file's descriptor, or -1.
    int overflow() const;

    /// The size the overflow file has, 0 if there is none, and its raw SHA-256, empty if there is
    /// none. The file's name in a cache.
    std::uint64_t overflow_size() const;
    ByteView overflow_hash() const;

  private:
    struct State;
    explicit LayerFacts(std::unique_ptr<State> state);

    std::unique_ptr<State> state_;
};

/// The overflow file that serialised facts ask for, to be found before they are parsed. Views into
/// the bytes.
struct OverflowName {
    std::uint64_t size = 0;
    ByteView hash; ///< raw SHA-256
};

/// Nothing if the bytes name no overflow file, or are no facts at all (which `parse` will say).
std::optional<OverflowName> overflow_named_in(ByteView bytes);

/// Collects facts while a layer is read and serialises them. One writer per layer job; not
/// thread-safe.
class LayerFactsWriter {
  public:
    LayerFactsWriter();
    LayerFactsWriter(LayerFactsWriter&&) noexcept;
    LayerFactsWriter& operator=(LayerFactsWriter&&) noexcept;
    ~LayerFactsWriter();

    /// Adds an entry without content.
    Status add(const EntryFact& entry);

    /// Begins an entry whose content, exactly `entry.size` bytes, follows through `append_content`
    /// and ends with `end_content`. More than limits::kKeptLayerBytes in all is limit_exceeded.
    Status begin_content(const EntryFact& entry);
    Status append_content(ByteView bytes);
    Status end_content();

    /// Adds what a scanner found out about the entry added last; several of them in ascending
    /// order. An empty, complete result is nothing to remember. More than
    /// limits::kScanFactsBytes is limit_exceeded.
    Status add_scan(std::uint32_t scanner, const ScanResult& result);

    /// Remembers a remark; after 64 of them the rest is only counted.
    void note(std::string text);

    struct Finished {
        Bytes bytes;
        FileDescriptor overflow; ///< closed if everything is in `bytes`
    };

    /// The serialised facts; the writer is spent. `diff_id_hash` is empty or 32 raw bytes.
    Result<Finished> finish(ByteView diff_id_hash);

  private:
    struct State;
    std::unique_ptr<State> state_;
};

} // namespace bulla::walk
