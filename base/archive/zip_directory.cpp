// SPDX-License-Identifier: Apache-2.0
#include "base/archive/zip_directory.hpp"

#include "base/core/byte_order.hpp"
#include "base/core/limits.hpp"
#include "base/core/text.hpp"

#include <algorithm>
#include <iterator>
#include <string>
#include <unordered_map>
#include <utility>

namespace bulla::archive {

namespace {

constexpr std::uint32_t kRecordSignature = 0x02014b50;
constexpr std::size_t kRecordBytes = 46;
constexpr std::uint16_t kZip64Field = 0x0001;
constexpr std::uint32_t kInZip64 = 0xFFFFFFFF;
/// One record with the longest name, extra field and comment fits.
constexpr std::size_t kWindow = kRecordBytes + 3 * std::size_t{0xFFFF};

/// Begin and least end of an entry; with what is not known of its local header (the extra field),
/// it may end later.
using Extent = std::pair<std::uint64_t, std::uint64_t>;

/// A record as it stands; the views are into the window.
struct Record {
    ByteView head;
    ByteView name;
    ByteView extra;
};

/// Sizes and offset that are 0xFFFFFFFF in the record stand in the zip64 field, in this order and
/// only those (APPNOTE 4.5.3).
Status apply_zip64_field(const Record& record, ZipEntry& entry) {
    const bool size = load_little_endian<std::uint32_t>(record.head, 24) == kInZip64;
    const bool compressed = load_little_endian<std::uint32_t>(record.head, 20) == kInZip64;
    const bool offset = load_little_endian<std::uint32_t>(record.head, 42) == kInZip64;
    if (!size && !compressed && !offset) {
        return ok();
    }
    for (ByteView rest = record.extra; rest.size() >= 4;) {
        const std::size_t length = load_little_endian<std::uint16_t>(rest, 2);
        if (length > rest.size() - 4) {
            break;
        }
        if (load_little_endian<std::uint16_t>(rest, 0) != kZip64Field) {
            rest.remove_prefix(4 + length);
            continue;
        }
        ByteView field = rest.substr(4, length);
        for (const auto& [wanted, value] : {std::pair(size, &entry.size),
                                            std::pair(compressed, &entry.compressed_size),
                                            std::pair(offset, &entry.header_offset)}) {
            if (wanted && field.size() < 8) {
                return bad_zip("a zip64 field is too short");
            }
            if (wanted) {
                *value = load_little_endian<std::uint64_t>(field, 0);
                field.remove_prefix(8);
            }
        }
        return ok();
    }
    return bad_zip("a record needs a zip64 field and has none");
}

class DirectoryReader {
  public:
    DirectoryReader(const RandomAccess& source,
                    const ZipDirectoryPlace& place,
                    const ZipReader::Filter& wanted)
        : source_(source), place_(place), wanted_(wanted), at_(place.begin) {}

    Result<std::vector<ZipEntry>> read_all();

  private:
    Result<Record> next();
    Status fill(std::size_t count);
    Status add(const Record& record);
    Status check_extents();
    void keep(ZipEntry entry);

    const RandomAccess& source_;
    const ZipDirectoryPlace& place_;
    const ZipReader::Filter& wanted_;
    std::uint64_t at_; ///< where the window ends in the source
    Bytes window_;
    std::size_t used_ = 0; ///< of the window
    std::vector<Extent> extents_;
    std::vector<ZipEntry> entries_;
    std::unordered_map<std::string, std::size_t> by_name_;
};

/// Makes `count` bytes available at the front of the window's rest.
Status DirectoryReader::fill(std::size_t count) {
    if (window_.size() - used_ >= count) {
        return ok();
    }
    window_.erase(0, used_);
    used_ = 0;
    const std::size_t held = window_.size();
    const auto more =
        static_cast<std::size_t>(std::min<std::uint64_t>(place_.end - at_, kWindow - held));
    if (held + more < count) {
        return bad_zip("its central directory ends inside a record");
    }
    window_.resize(held + more);
    BULLA_TRY(source_.read_at(at_, std::span(window_).subspan(held)));
    at_ += more;
    return ok();
}

Result<Record> DirectoryReader::next() {
    BULLA_TRY(fill(kRecordBytes));
    const ByteView head = ByteView(window_).substr(used_, kRecordBytes);
    if (load_little_endian<std::uint32_t>(head, 0) != kRecordSignature) {
        return bad_zip("something in its central directory is no record");
    }
    const std::size_t name = load_little_endian<std::uint16_t>(head, 28);
    const std::size_t extra = load_little_endian<std::uint16_t>(head, 30);
    const std::size_t total =
        kRecordBytes + name + extra + load_little_endian<std::uint16_t>(head, 32);
    BULLA_TRY(fill(total));
    const ByteView record = ByteView(window_).substr(used_, total);
    used_ += total;
    return Record{record.substr(0, kRecordBytes),
                  record.substr(kRecordBytes, name),
                  record.substr(kRecordBytes + name, extra)};
}

Status DirectoryReader::add(const Record& record) {
    if (extents_.size() >= limits::kZipEntries) {
        return Error{ErrorCode::limit_exceeded,
                     "expected at most " + std::to_string(limits::kZipEntries) +
                         " entries in a zip and found more"};
    }
    if (record.name.size() > limits::kPathBytes) {
        return Error{ErrorCode::limit_exceeded,
                     "expected names of at most " + std::to_string(limits::kPathBytes) +
                         " bytes in a zip and found one of " + std::to_string(record.name.size())};
    }
    ZipEntry entry;
    entry.encrypted = (load_little_endian<std::uint16_t>(record.head, 8) & 1U) != 0;
    entry.method = load_little_endian<std::uint16_t>(record.head, 10);
    entry.crc32 = load_little_endian<std::uint32_t>(record.head, 16);
    entry.compressed_size = load_little_endian<std::uint32_t>(record.head, 20);
    entry.size = load_little_endian<std::uint32_t>(record.head, 24);
    entry.header_offset = load_little_endian<std::uint32_t>(record.head, 42);
    BULLA_TRY(apply_zip64_field(record, entry));
    const std::uint64_t room = place_.begin - place_.archive_begin;
    const std::uint64_t header = kZipLocalBytes + record.name.size();
    if (entry.header_offset > room || header > room - entry.header_offset ||
        entry.compressed_size > room - entry.header_offset - header) {
        return bad_zip("the entry \"" + text::printable(record.name) + "\" lies outside");
    }
    entry.header_offset += place_.archive_begin;
    extents_.emplace_back(entry.header_offset,
                          entry.header_offset + header + entry.compressed_size);
    if (wanted_(record.name)) {
        entry.name = record.name;
        keep(std::move(entry));
    }
    return ok();
}

/// The Java runtime finds the last of several records with one name.
void DirectoryReader::keep(ZipEntry entry) {
    const auto [it, is_new] = by_name_.try_emplace(entry.name, entries_.size());
    if (is_new) {
        entries_.push_back(std::move(entry));
    } else {
        entries_[it->second] = std::move(entry);
    }
}

/// Entries that share bytes are how a small file inflates to any size (D. Fifield, "A better zip
/// bomb", 2019). No writer makes them.
Status DirectoryReader::check_extents() {
    if (!std::is_sorted(extents_.begin(), extents_.end())) {
        std::sort(extents_.begin(), extents_.end());
    }
    for (std::size_t i = 1; i < extents_.size(); ++i) {
        if (extents_[i].first < extents_[i - 1].second) {
            return bad_zip("its entries overlap");
        }
    }
    for (ZipEntry& entry : entries_) {
        const auto next = std::upper_bound(
            extents_.begin(), extents_.end(), entry.header_offset, [](auto at, const auto& extent) {
                return at < extent.first;
            });
        entry.end_limit = next == extents_.end() ? place_.begin : next->first;
    }
    return ok();
}

Result<std::vector<ZipEntry>> DirectoryReader::read_all() {
    const std::uint64_t most = (place_.end - place_.begin) / kRecordBytes;
    extents_.reserve(static_cast<std::size_t>(
        std::min<std::uint64_t>({place_.records, most, limits::kZipEntries})));
    while (at_ < place_.end || used_ < window_.size()) {
        BULLA_TRY_ASSIGN(const Record record, next());
        BULLA_TRY(add(record));
    }
    // Writers that do not know zip64 announce the number modulo 65536.
    const std::uint64_t mask = place_.is_zip64 ? ~std::uint64_t{0} : 0xFFFF;
    if (place_.records != (extents_.size() & mask)) {
        return bad_zip("it announces " + std::to_string(place_.records) + " entries and has " +
                       std::to_string(extents_.size()));
    }
    BULLA_TRY(check_extents());
    return std::move(entries_);
}

} // namespace

Result<std::vector<ZipEntry>> read_zip_directory(const RandomAccess& source,
                                                 const ZipDirectoryPlace& place,
                                                 const ZipReader::Filter& wanted) {
    return DirectoryReader(source, place, wanted).read_all();
}

} // namespace bulla::archive
