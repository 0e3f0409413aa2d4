// SPDX-License-Identifier: Apache-2.0
#include "sbom/catalogers/rpm_bdb.hpp"

#include "base/core/byte_order.hpp"
#include "base/core/limits.hpp"

#include <array>
#include <bit>
#include <vector>

namespace bulla::sbom {
namespace {

constexpr std::uint32_t kHashMagic = 0x00061561;
constexpr std::size_t kMetaBytes = 512;
constexpr std::size_t kPageHeaderBytes = 26;
/// Of a page's parts: Berkeley DB's db_page.h names and numbers them.
constexpr std::size_t kPageNumberAt = 8;
constexpr std::size_t kNextPageAt = 16;
constexpr std::size_t kEntriesAt = 20;
constexpr std::size_t kLengthAt = 22;
constexpr std::size_t kTypeAt = 25;
constexpr char kUnsortedHashPage = 2;
constexpr char kOverflowPage = 7;
constexpr char kHashPage = 13;
constexpr char kItemInPage = 1;
constexpr char kItemInOverflow = 3;
constexpr std::size_t kOverflowItemBytes = 12;
/// The number of a package.
constexpr std::size_t kKeyBytes = 4;

std::string on_page(std::uint32_t page) {
    return " on page " + std::to_string(page);
}

class Reader {
  public:
    Reader(const RpmFile& file, const RpmHeaderSink& sink) : file_(file), sink_(sink) {}

    Status run();

  private:
    Status open();
    Status check_meta(ByteView meta);
    Result<FileContent> page(std::uint32_t number);
    Status read_bucket(std::uint32_t first);
    Status read_items(ByteView page, std::uint32_t number);
    Result<ByteView> item(ByteView page, std::uint32_t number, std::size_t index) const;
    Status read_pair(ByteView key, ByteView value, std::uint32_t number);
    Status read_overflow(std::uint32_t first, std::uint64_t length);

    template <class T> T number_at(ByteView bytes, std::size_t at) const {
        return swapped_ ? load_big_endian<T>(bytes, at) : load_little_endian<T>(bytes, at);
    }

    std::uint32_t u32(ByteView bytes, std::size_t at) const {
        return number_at<std::uint32_t>(bytes, at);
    }

    const RpmFile& file_;
    const RpmHeaderSink& sink_;
    bool swapped_ = false; ///< the numbers are big-endian
    std::uint32_t page_bytes_ = 0;
    std::uint32_t last_page_ = 0;
    std::uint32_t last_bucket_ = 0;
    std::array<std::uint32_t, 32> spares_{}; ///< pages before the buckets of each power of two
    std::vector<bool> seen_;                 ///< each page belongs to one chain
    Bytes value_;                            ///< a header put together, the memory used again
};

Status Reader::open() {
    BULLA_TRY_ASSIGN(const FileContent content, file_.read(0, kMetaBytes));
    const ByteView meta = content.bytes();
    swapped_ = load_big_endian<std::uint32_t>(meta, 12) == kHashMagic;
    if (u32(meta, 12) != kHashMagic) {
        return damaged("expected a Berkeley DB hash, its magic number is another");
    }
    return check_meta(meta);
}

Status Reader::check_meta(ByteView meta) {
    if (const std::uint32_t version = u32(meta, 16); version < 8 || version > 10) {
        return Error{ErrorCode::unsupported,
                     "expected version 8 to 10 of a Berkeley DB hash, found " +
                         std::to_string(version)};
    }
    if (meta[24] != 0 || meta[26] != 0) {
        return Error{ErrorCode::unsupported,
                     "its pages are encrypted, checksummed or in several files"};
    }
    page_bytes_ = u32(meta, 20);
    if (page_bytes_ < 512 || page_bytes_ > 65536 || !std::has_single_bit(page_bytes_)) {
        return damaged("its pages have " + std::to_string(page_bytes_) + " bytes");
    }
    last_page_ = u32(meta, 32);
    last_bucket_ = u32(meta, 72);
    if (last_page_ >= file_.size() / page_bytes_) {
        return damaged("its last page is " + std::to_string(last_page_) + ", and it has " +
                       std::to_string(file_.size() / page_bytes_) + " pages");
    }
    if (last_bucket_ >= last_page_) {
        return damaged("it has " + std::to_string(last_bucket_) + " buckets and " +
                       std::to_string(last_page_) + " pages");
    }
    for (std::size_t i = 0; i < spares_.size(); ++i) {
        spares_[i] = u32(meta, 96 + i * 4);
    }
    seen_.assign(std::size_t{last_page_} + 1, false);
    return ok();
}

Result<FileContent> Reader::page(std::uint32_t number) {
    if (number == 0 || number > last_page_) {
        return damaged("there is no page " + std::to_string(number));
    }
    if (seen_[number]) {
        return damaged("page " + std::to_string(number) + " is in two chains, or twice in one");
    }
    seen_[number] = true;
    return file_.read(std::uint64_t{number} * page_bytes_, page_bytes_);
}

Status Reader::run() {
    BULLA_TRY(open());
    for (std::uint32_t bucket = 0; bucket <= last_bucket_; ++bucket) {
        const auto power = static_cast<std::size_t>(std::bit_width(bucket));
        BULLA_TRY(read_bucket(bucket + spares_.at(power < spares_.size() ? power : 31)));
    }
    return ok();
}

Status Reader::read_bucket(std::uint32_t first) {
    for (std::uint32_t number = first;;) {
        BULLA_TRY_ASSIGN(const FileContent content, page(number));
        const ByteView bytes = content.bytes();
        const char type = bytes[kTypeAt];
        if (number == first && bytes.substr(0, kPageHeaderBytes) == Bytes(kPageHeaderBytes, '\0')) {
            return ok(); // a bucket that nothing was ever put into
        }
        if (u32(bytes, kPageNumberAt) != number ||
            (type != kHashPage && type != kUnsortedHashPage)) {
            return damaged("page " + std::to_string(number) + " is none of a hash");
        }
        BULLA_TRY(read_items(bytes, number));
        number = u32(bytes, kNextPageAt);
        if (number == 0) {
            return ok();
        }
    }
}

Status Reader::read_items(ByteView page, std::uint32_t number) {
    const std::size_t entries = number_at<std::uint16_t>(page, kEntriesAt);
    if (entries % 2 != 0 || kPageHeaderBytes + entries * 2 > page.size()) {
        return damaged(std::to_string(entries) + " items" + on_page(number));
    }
    for (std::size_t i = 0; i < entries; i += 2) {
        BULLA_TRY_ASSIGN(const ByteView key, item(page, number, i));
        BULLA_TRY_ASSIGN(const ByteView value, item(page, number, i + 1));
        BULLA_TRY(read_pair(key, value, number));
    }
    return ok();
}

/// Items fill the page from its end, so one ends where the one before it begins.
Result<ByteView> Reader::item(ByteView page, std::uint32_t number, std::size_t index) const {
    const auto entries = number_at<std::uint16_t>(page, kEntriesAt);
    const auto place = [&](std::size_t i) -> std::size_t {
        return number_at<std::uint16_t>(page, kPageHeaderBytes + i * 2);
    };
    const std::size_t begin = place(index);
    const std::size_t end = index == 0 ? page.size() : place(index - 1);
    if (begin < kPageHeaderBytes + entries * std::size_t{2} || begin >= end || end > page.size()) {
        return damaged("item " + std::to_string(index) + on_page(number) + " lies outside it");
    }
    return page.substr(begin, end - begin);
}

Status Reader::read_pair(ByteView key, ByteView value, std::uint32_t number) {
    if (key[0] != kItemInPage || key.size() != kKeyBytes + 1) {
        return damaged("a key" + on_page(number) + " is not the number of a package");
    }
    if (key.substr(1) == Bytes(kKeyBytes, '\0')) {
        return ok(); // where rpm keeps the next free number
    }
    if (value[0] == kItemInPage) {
        return sink_(value.substr(1));
    }
    if (value[0] != kItemInOverflow || value.size() != kOverflowItemBytes) {
        return damaged("a value" + on_page(number) + " is of an unknown kind");
    }
    return read_overflow(u32(value, 4), u32(value, 8));
}

Status Reader::read_overflow(std::uint32_t first, std::uint64_t length) {
    if (length > limits::kRpmHeaderBytes) {
        return Error{ErrorCode::limit_exceeded,
                     "expected a header of at most " + std::to_string(limits::kRpmHeaderBytes) +
                         " bytes, found " + std::to_string(length)};
    }
    if (length > file_.size()) {
        return damaged("a header of " + std::to_string(length) + " bytes is larger than the file");
    }
    value_.clear();
    value_.reserve(length);
    for (std::uint32_t number = first; value_.size() < length;) {
        BULLA_TRY_ASSIGN(const FileContent content, page(number));
        const ByteView bytes = content.bytes();
        const std::size_t here = number_at<std::uint16_t>(bytes, kLengthAt);
        if (bytes[kTypeAt] != kOverflowPage || u32(bytes, kPageNumberAt) != number || here == 0 ||
            here > bytes.size() - kPageHeaderBytes || here > length - value_.size()) {
            return damaged("page " + std::to_string(number) + " is no part of a long value");
        }
        value_ += bytes.substr(kPageHeaderBytes, here);
        number = u32(bytes, kNextPageAt);
    }
    return sink_(value_);
}

} // namespace

Status read_rpm_bdb(const RpmFile& file, const RpmHeaderSink& sink) {
    return Reader(file, sink).run();
}

} // namespace bulla::sbom
