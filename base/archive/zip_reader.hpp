// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/core/bytes.hpp"
#include "base/core/result.hpp"
#include "base/io/random_access.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

/// Zip archives (PKWARE APPNOTE.TXT 6.3.x), read as the Java runtime reads them
/// (docs/adr/0012-zip-reader.md).
namespace bulla::archive {

/// One record of the central directory.
struct ZipEntry {
    std::string name; ///< as written: neither normalised nor necessarily UTF-8
    std::uint16_t method = 0;
    bool encrypted = false;
    std::uint32_t crc32 = 0;
    std::uint64_t compressed_size = 0;
    std::uint64_t size = 0;
    std::uint64_t header_offset = 0; ///< of the local header, from the start of the source
    std::uint64_t end_limit = 0;     ///< where the next thing in the source begins

    bool is_stored() const { return method == 0; }
};

/// Where the bytes of a stored entry lie in the source.
struct ZipRange {
    std::uint64_t offset = 0;
    std::uint64_t size = 0;
};

/// What may still be inflated of one outermost archive, over all archives in it.
class InflateBudget {
  public:
    explicit InflateBudget(std::uint64_t bytes) : left_(bytes) {}

    /// False if it is used up.
    bool spend(std::uint64_t bytes) {
        const bool enough = bytes <= left_;
        left_ -= enough ? bytes : left_;
        return enough;
    }

  private:
    std::uint64_t left_;
};

/// Reads a zip through its central directory, which alone says what is in it. Nothing is trusted:
/// an archive whose directory does not add up (records that overlap, a number of records that is
/// not the announced one, offsets outside) is malformed as a whole; an entry whose local header
/// names something else, or whose bytes are not what the directory says, is malformed when it is
/// read. Holds 16 bytes per record while opening, and the wanted entries afterwards.
class ZipReader {
  public:
    /// Asked for the name of every record, in the order of the directory; true to keep it.
    using Filter = std::function<bool(std::string_view name)>;

    /// Takes inflated bytes; false to be given no more.
    using Sink = std::function<Result<bool>(ByteView piece)>;

    /// Finds and reads the directory. The archive may have anything before it (a shell script),
    /// with offsets that count from the start of the source or of the archive. malformed or
    /// limit_exceeded if this is no zip that can be relied on; io if the source fails. The source
    /// must outlive the reader.
    static Result<ZipReader> open(const RandomAccess& source, const Filter& wanted);

    /// The wanted entries in the order of the directory, each name once: of several records with
    /// one name the last counts, as in the Java runtime.
    const std::vector<ZipEntry>& entries() const { return entries_; }

    /// Gives the bytes of an entry to the sink, in pieces. Encrypted entries and methods other than
    /// stored and deflated are unsupported. Whether size and CRC-32 are the directory's is known
    /// only at the end: a sink that stops before it has bytes that nobody checked.
    Status read(const ZipEntry& entry, InflateBudget& budget, const Sink& sink) const;

    /// Where the bytes of a stored entry are, to be read in place. Its CRC-32 is not checked.
    Result<ZipRange> find_stored(const ZipEntry& entry) const;

  private:
    explicit ZipReader(const RandomAccess& source) : source_(source) {}

    Result<ZipRange> find_data(const ZipEntry& entry) const;
    Status read_stored(const ZipEntry& entry, ZipRange data, const Sink& sink) const;
    Status
    inflate(const ZipEntry& entry, ZipRange data, InflateBudget& budget, const Sink& sink) const;

    const RandomAccess& source_;
    std::vector<ZipEntry> entries_;
};

} // namespace bulla::archive
