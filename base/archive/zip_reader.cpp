// SPDX-License-Identifier: Apache-2.0
#include "base/archive/zip_reader.hpp"

#include "base/archive/zip_directory.hpp"
#include "base/compress/raw_deflate.hpp"
#include "base/core/byte_order.hpp"
#include "base/core/limits.hpp"
#include "base/core/text.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace bulla::archive {

namespace {

constexpr std::uint16_t kDeflated = 8;
constexpr std::size_t kInPiece = 16 * std::size_t{1024};
constexpr std::size_t kOutPiece = 32 * std::size_t{1024};

Error bad_entry(const ZipEntry& entry, std::string_view why) {
    return Error{ErrorCode::malformed,
                 "the entry \"" + text::printable(entry.name) + "\" " + std::string(why)};
}

/// Counts and sums what comes out of an entry, and compares it with what the directory says.
class EntryCheck {
  public:
    explicit EntryCheck(const ZipEntry& entry) : entry_(entry) {}

    Status add(ByteView piece) {
        if (piece.size() > entry_.size - produced_) {
            return bad_entry(entry_, "holds more bytes than its directory says");
        }
        produced_ += piece.size();
        sum_ = compress::crc32(sum_, piece);
        return ok();
    }

    Status finish() const {
        if (produced_ != entry_.size) {
            return bad_entry(entry_, "holds fewer bytes than its directory says");
        }
        if (sum_ != entry_.crc32) {
            return bad_entry(entry_, "does not have the CRC-32 its directory says");
        }
        return ok();
    }

    std::uint64_t produced() const { return produced_; }

  private:
    const ZipEntry& entry_;
    std::uint64_t produced_ = 0;
    std::uint32_t sum_ = 0;
};

} // namespace

Result<ZipReader> ZipReader::open(const RandomAccess& source, const Filter& wanted) {
    ZipReader reader(source);
    BULLA_TRY_ASSIGN(const ZipDirectoryPlace place, find_zip_directory(source));
    BULLA_TRY_ASSIGN(reader.entries_, read_zip_directory(source, place, wanted));
    return reader;
}

/// The local header repeats what the directory says. Readers that walk a zip from its front believe
/// it alone, so where the two differ somebody would see another file.
Result<ZipRange> ZipReader::find_data(const ZipEntry& entry) const {
    if (entry.encrypted) {
        return Error{ErrorCode::unsupported,
                     "the entry \"" + text::printable(entry.name) + "\" is encrypted"};
    }
    if (!entry.is_stored() && entry.method != kDeflated) {
        return Error{ErrorCode::unsupported,
                     "the entry \"" + text::printable(entry.name) + "\" is compressed by method " +
                         std::to_string(entry.method)};
    }
    Bytes header(kZipLocalBytes + entry.name.size(), '\0');
    BULLA_TRY(source_.read_at(entry.header_offset, header));
    if (load_little_endian<std::uint32_t>(header, 0) != kZipLocalSignature) {
        return bad_entry(entry, "has no local header");
    }
    if (load_little_endian<std::uint16_t>(header, 26) != entry.name.size() ||
        ByteView(header).substr(kZipLocalBytes) != entry.name) {
        return bad_entry(entry, "has another name in its local header");
    }
    if (load_little_endian<std::uint16_t>(header, 8) != entry.method ||
        (load_little_endian<std::uint16_t>(header, 6) & 1U) != 0) {
        return bad_entry(entry, "has another method in its local header");
    }
    const std::uint64_t begin =
        entry.header_offset + header.size() + load_little_endian<std::uint16_t>(header, 28);
    if (begin > entry.end_limit || entry.compressed_size > entry.end_limit - begin) {
        return bad_entry(entry, "overlaps what follows it");
    }
    return ZipRange{begin, entry.compressed_size};
}

Result<ZipRange> ZipReader::find_stored(const ZipEntry& entry) const {
    BULLA_TRY_ASSIGN(const ZipRange data, find_data(entry));
    if (!entry.is_stored() || entry.size != entry.compressed_size) {
        return bad_entry(entry, "is stored and has two sizes");
    }
    return data;
}

Status ZipReader::read(const ZipEntry& entry, InflateBudget& budget, const Sink& sink) const {
    if (entry.is_stored()) {
        BULLA_TRY_ASSIGN(const ZipRange data, find_stored(entry));
        return read_stored(entry, data, sink);
    }
    BULLA_TRY_ASSIGN(const ZipRange data, find_data(entry));
    return inflate(entry, data, budget, sink);
}

Status ZipReader::read_stored(const ZipEntry& entry, ZipRange data, const Sink& sink) const {
    EntryCheck check(entry);
    Bytes piece;
    while (check.produced() < data.size) {
        piece.resize(static_cast<std::size_t>(
            std::min<std::uint64_t>(data.size - check.produced(), kOutPiece)));
        BULLA_TRY(source_.read_at(data.offset + check.produced(), piece));
        BULLA_TRY(check.add(piece));
        BULLA_TRY_ASSIGN(const bool more, sink(piece));
        if (!more) {
            return ok();
        }
    }
    return check.finish();
}

Status ZipReader::inflate(const ZipEntry& entry,
                          ZipRange data,
                          InflateBudget& budget,
                          const Sink& sink) const {
    EntryCheck check(entry);
    const auto inflater = compress::make_raw_deflate_decompressor();
    Bytes in;
    Bytes out(kOutPiece, '\0');
    ByteView rest;
    std::uint64_t taken = 0;
    for (;;) {
        if (rest.empty() && taken < data.size) {
            in.resize(
                static_cast<std::size_t>(std::min<std::uint64_t>(data.size - taken, kInPiece)));
            BULLA_TRY(source_.read_at(data.offset + taken, in));
            taken += in.size();
            rest = in;
        }
        BULLA_TRY_ASSIGN(const auto step, inflater->step(rest, out));
        rest.remove_prefix(step.consumed);
        const ByteView piece = ByteView(out).substr(0, step.produced);
        BULLA_TRY(check.add(piece));
        if (!budget.spend(piece.size()) || (check.produced() > limits::kZipRatioFrom &&
                                            check.produced() / limits::kZipRatio > taken)) {
            return Error{ErrorCode::limit_exceeded,
                         "the entry \"" + text::printable(entry.name) +
                             "\" inflates to more than is read of an archive"};
        }
        if (!piece.empty()) {
            BULLA_TRY_ASSIGN(const bool more, sink(piece));
            if (!more) {
                return ok();
            }
        }
        if (step.consumed + step.produced == 0 && (rest.empty() ? taken == data.size : true)) {
            break;
        }
    }
    BULLA_TRY(inflater->finish());
    if (!rest.empty() || taken != data.size) {
        return bad_entry(entry, "has bytes after the end of its deflate stream");
    }
    return check.finish();
}

} // namespace bulla::archive
