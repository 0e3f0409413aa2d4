// SPDX-License-Identifier: Apache-2.0
#include "sbom/catalogers/sqlite_pages.hpp"

#include "base/core/byte_order.hpp"

#include <bit>

namespace bulla::sbom {
namespace {

constexpr std::string_view kMagic("SQLite format 3\0", 16);
constexpr std::size_t kFileHeaderBytes = 100;
constexpr std::size_t kWalHeaderBytes = 32;
constexpr std::size_t kFrameHeaderBytes = 24;
/// The lowest bit says in which byte order the checksums take their numbers.
constexpr std::uint32_t kWalMagic = 0x377f0682;
constexpr std::uint32_t kWalVersion = 3007000;
constexpr std::uint32_t kUtf8 = 1;
/// The least that SQLite leaves of a page for content.
constexpr std::size_t kLeastUsable = 480;

std::uint32_t number_at(ByteView bytes, std::size_t at) {
    return load_big_endian<std::uint32_t>(bytes, at);
}

bool is_page_size(std::size_t bytes) {
    return bytes >= 512 && bytes <= 65536 && std::has_single_bit(bytes);
}

/// The running checksum of a write-ahead log.
struct WalChecksum {
    bool big_endian = false;
    std::uint32_t first = 0;
    std::uint32_t second = 0;

    void add(ByteView bytes) {
        for (std::size_t at = 0; at + 8 <= bytes.size(); at += 8) {
            first += word(bytes, at) + second;
            second += word(bytes, at + 4) + first;
        }
    }

    bool is_stored_at(ByteView bytes, std::size_t at) const {
        return number_at(bytes, at) == first && number_at(bytes, at + 4) == second;
    }

  private:
    std::uint32_t word(ByteView bytes, std::size_t at) const {
        return big_endian ? load_big_endian<std::uint32_t>(bytes, at)
                          : load_little_endian<std::uint32_t>(bytes, at);
    }
};

} // namespace

Result<SqlitePages> SqlitePages::open(const RpmFile& file, const RpmFile* wal) {
    SqlitePages pages(file, wal);
    if (file.size() == 0) {
        return damaged("it is empty");
    }
    BULLA_TRY_ASSIGN(const FileContent start, file.read(0, kFileHeaderBytes));
    if (!start.bytes().starts_with(kMagic)) {
        return damaged("expected an SQLite database, it does not begin as one");
    }
    const std::size_t recorded = load_big_endian<std::uint16_t>(start.bytes(), 16);
    pages.page_bytes_ = recorded == 1 ? 65536 : recorded;
    if (!is_page_size(pages.page_bytes_)) {
        return damaged("its pages have " + std::to_string(pages.page_bytes_) + " bytes");
    }
    if (wal != nullptr && wal->size() > 0) {
        BULLA_TRY(pages.read_wal());
    }
    BULLA_TRY(pages.read_header());
    return pages;
}

Status SqlitePages::read_header() {
    BULLA_TRY_ASSIGN(const FileContent page, read(1));
    const ByteView header = page.bytes();
    usable_bytes_ = page_bytes_ - static_cast<unsigned char>(header[20]);
    if (!header.starts_with(kMagic) || usable_bytes_ < kLeastUsable) {
        return damaged("its first page is not that of an SQLite database");
    }
    if (const std::uint32_t encoding = number_at(header, 56); encoding > kUtf8) {
        return Error{ErrorCode::unsupported,
                     "expected texts in UTF-8, found encoding " + std::to_string(encoding)};
    }
    const std::uint64_t in_file = file_->size() / page_bytes_;
    // The number in the header counts only if whoever changed the file last knew of it.
    const bool has_count = number_at(header, 24) == number_at(header, 92);
    const std::uint64_t recorded = has_count ? number_at(header, 28) : 0;
    const std::uint64_t count = committed_ ? *committed_ : recorded != 0 ? recorded : in_file;
    if (count > in_file + in_wal_.size()) {
        flaw_ = "it has " + std::to_string(in_file) + " of its " + std::to_string(count) + " pages";
    }
    count_ = static_cast<std::uint32_t>(std::min(count, in_file + in_wal_.size()));
    taken_.assign(std::size_t{count_} + 1, false);
    return ok();
}

bool SqlitePages::check_wal_header(ByteView header) {
    if ((number_at(header, 0) & ~1U) != kWalMagic || number_at(header, 4) != kWalVersion) {
        flaw_ = "its write-ahead log does not begin as one";
        return false;
    }
    if (number_at(header, 8) != page_bytes_) {
        flaw_ = "its write-ahead log has pages of another size";
        return false;
    }
    return true;
}

/// A frame counts if it belongs to the log's present use (its salts are the header's) and all
/// checksums up to it hold, and if it or a later one ends a transaction. Frames with other salts
/// are left over from an earlier use.
Status SqlitePages::read_wal() {
    if (wal_->size() < kWalHeaderBytes) {
        flaw_ = "its write-ahead log is cut off";
        return ok();
    }
    BULLA_TRY_ASSIGN(const FileContent start, wal_->read(0, kWalHeaderBytes));
    const ByteView header = start.bytes();
    if (!check_wal_header(header)) {
        return ok();
    }
    WalChecksum checksum{(number_at(header, 0) & 1U) != 0};
    checksum.add(header.substr(0, 24));
    if (!checksum.is_stored_at(header, 24)) {
        flaw_ = "the header of its write-ahead log does not have its checksum";
        return ok();
    }
    const std::uint64_t frame_bytes = kFrameHeaderBytes + page_bytes_;
    std::unordered_map<std::uint32_t, std::uint64_t> open; // of the transaction not ended yet
    for (std::uint64_t at = kWalHeaderBytes; at < wal_->size(); at += frame_bytes) {
        const std::uint64_t there = std::min(frame_bytes, wal_->size() - at);
        BULLA_TRY_ASSIGN(const FileContent content, wal_->read(at, there));
        const ByteView frame = content.bytes();
        if (there >= kFrameHeaderBytes && frame.substr(8, 8) != header.substr(16, 8)) {
            return ok();
        }
        if (there == frame_bytes) {
            checksum.add(frame.substr(0, 8));
            checksum.add(frame.substr(kFrameHeaderBytes));
        }
        if (there < frame_bytes || !checksum.is_stored_at(frame, 16) || number_at(frame, 0) == 0) {
            flaw_ = "its write-ahead log cannot be read from byte " + std::to_string(at) + " on";
            return ok();
        }
        open[number_at(frame, 0)] = at + kFrameHeaderBytes;
        if (const std::uint32_t pages = number_at(frame, 4); pages != 0) {
            committed_ = pages;
            for (const auto& [page, offset] : open) {
                in_wal_[page] = offset;
            }
            open.clear();
        }
    }
    return ok();
}

Result<FileContent> SqlitePages::read(std::uint32_t number) const {
    if (const auto it = in_wal_.find(number); it != in_wal_.end()) {
        return wal_->read(it->second, page_bytes_);
    }
    return file_->read((std::uint64_t{number} - 1) * page_bytes_, page_bytes_);
}

Result<FileContent> SqlitePages::take(std::uint32_t number) {
    if (number == 0 || number > count_) {
        return damaged("there is no page " + std::to_string(number));
    }
    if (taken_[number]) {
        return damaged("page " + std::to_string(number) + " is used twice");
    }
    taken_[number] = true;
    return read(number);
}

} // namespace bulla::sbom
