// SPDX-License-Identifier: Apache-2.0
#include "base/archive/zip_directory.hpp"
#include "base/core/byte_order.hpp"

#include <algorithm>
#include <optional>
#include <string>

namespace bulla::archive {

namespace {

constexpr std::uint32_t kEndSignature = 0x06054b50;
constexpr std::uint32_t kRecordSignature = 0x02014b50;
constexpr std::uint32_t kEnd64Signature = 0x06064b50;
constexpr std::uint32_t kLocator64Signature = 0x07064b50;
constexpr std::size_t kEndBytes = 22;
constexpr std::size_t kEnd64Bytes = 56;
constexpr std::size_t kLocator64Bytes = 20;
constexpr std::size_t kMostComment = 0xFFFF;

/// The end of central directory record, and where it is.
struct End {
    std::uint64_t at = 0;
    std::uint64_t records = 0;
    std::uint64_t size = 0;
    std::uint64_t offset = 0;
    bool is_zip64 = false;
};

Result<Bytes> read_bytes(const RandomAccess& source, std::uint64_t at, std::size_t count) {
    Bytes bytes(count, '\0');
    BULLA_TRY(source.read_at(at, bytes));
    return bytes;
}

/// True if these four bytes stand there; a place outside of the source has none.
Result<bool> has_signature(const RandomAccess& source, std::uint64_t at, std::uint32_t signature) {
    if (at > source.size() || source.size() - at < 4) {
        return false;
    }
    BULLA_TRY_ASSIGN(const Bytes bytes, read_bytes(source, at, 4));
    return load_little_endian<std::uint32_t>(bytes, 0) == signature;
}

End parse_end(ByteView record, std::uint64_t at) {
    return {.at = at,
            .records = load_little_endian<std::uint16_t>(record, 10),
            .size = load_little_endian<std::uint32_t>(record, 12),
            .offset = load_little_endian<std::uint32_t>(record, 16)};
}

/// A record that other bytes follow is believed only if it leads to a directory and a first entry.
Result<bool> leads_somewhere(const RandomAccess& source, const End& end) {
    if (end.size > end.at || end.offset > end.at - end.size) {
        return false;
    }
    const std::uint64_t directory = end.at - end.size;
    BULLA_TRY_ASSIGN(const bool records, has_signature(source, directory, kRecordSignature));
    BULLA_TRY_ASSIGN(const bool local,
                     has_signature(source, directory - end.offset, kZipLocalSignature));
    return records && local;
}

/// Looks through the tail of the source, from its end backwards.
Result<End> find_end(const RandomAccess& source) {
    const std::uint64_t size = source.size();
    if (size < kEndBytes) {
        return bad_zip("it is shorter than the smallest zip");
    }
    BULLA_TRY_ASSIGN(const Bytes last, read_bytes(source, size - kEndBytes, kEndBytes));
    if (load_little_endian<std::uint32_t>(last, 0) == kEndSignature &&
        load_little_endian<std::uint16_t>(last, 20) == 0) {
        return parse_end(last, size - kEndBytes); // nearly every zip: no comment
    }
    const auto length =
        static_cast<std::size_t>(std::min<std::uint64_t>(size, kEndBytes + kMostComment));
    const std::uint64_t begin = size - length;
    BULLA_TRY_ASSIGN(const Bytes tail, read_bytes(source, begin, length));
    std::optional<End> found;
    for (std::size_t at = length - kEndBytes + 1; at-- > 0;) {
        if (load_little_endian<std::uint32_t>(tail, at) != kEndSignature) {
            continue;
        }
        const End end = parse_end(ByteView(tail).substr(at), begin + at);
        const bool fits =
            at + kEndBytes + load_little_endian<std::uint16_t>(tail, at + 20) == length;
        if (fits && found) {
            return bad_zip("its comment holds another end record, so that readers disagree");
        }
        if (!found) {
            BULLA_TRY_ASSIGN(const bool leads, leads_somewhere(source, end));
            if (fits || leads) {
                found = end;
            }
        }
    }
    if (!found) {
        return bad_zip("it has no end of central directory record");
    }
    return *found;
}

/// Replaces what does not fit into the old record by what the zip64 record says (APPNOTE 4.3.14).
/// Where both say something they must agree.
Status apply_zip64(const RandomAccess& source, End& end) {
    if (end.at < kLocator64Bytes + kEnd64Bytes) {
        return ok();
    }
    const std::uint64_t locator_at = end.at - kLocator64Bytes;
    BULLA_TRY_ASSIGN(const Bytes locator, read_bytes(source, locator_at, kLocator64Bytes));
    if (load_little_endian<std::uint32_t>(locator, 0) != kLocator64Signature) {
        return ok();
    }
    // The locator counts from the start of the archive, which is not known yet, so the record is
    // looked for there and directly before the locator.
    std::uint64_t at = load_little_endian<std::uint64_t>(locator, 8);
    BULLA_TRY_ASSIGN(bool found, has_signature(source, at, kEnd64Signature));
    if (!found || at > locator_at - kEnd64Bytes) {
        at = locator_at - kEnd64Bytes;
        BULLA_TRY_ASSIGN(found, has_signature(source, at, kEnd64Signature));
    }
    if (!found) {
        return bad_zip("its zip64 locator leads nowhere");
    }
    BULLA_TRY_ASSIGN(const Bytes record, read_bytes(source, at, kEnd64Bytes));
    const std::uint64_t records = load_little_endian<std::uint64_t>(record, 32);
    const std::uint64_t size = load_little_endian<std::uint64_t>(record, 40);
    const std::uint64_t offset = load_little_endian<std::uint64_t>(record, 48);
    if ((end.records != records && end.records != 0xFFFF) ||
        (end.size != size && end.size != 0xFFFFFFFF) ||
        (end.offset != offset && end.offset != 0xFFFFFFFF)) {
        return bad_zip("its zip64 record contradicts its end record");
    }
    end = {.at = at, .records = records, .size = size, .offset = offset, .is_zip64 = true};
    return ok();
}

} // namespace

Result<ZipDirectoryPlace> find_zip_directory(const RandomAccess& source) {
    BULLA_TRY_ASSIGN(End end, find_end(source));
    BULLA_TRY(apply_zip64(source, end));
    // The directory ends where its end record begins: with that, a prefix of any length explains
    // itself, whether the writer counted it or not.
    if (end.size > end.at || end.offset > end.at - end.size) {
        return bad_zip("its central directory lies outside");
    }
    const std::uint64_t begin = end.at - end.size;
    return ZipDirectoryPlace{.begin = begin,
                             .end = end.at,
                             .archive_begin = begin - end.offset,
                             .records = end.records,
                             .is_zip64 = end.is_zip64};
}

Error bad_zip(std::string why) {
    return Error{ErrorCode::malformed, "not a sound zip archive: " + std::move(why)};
}

} // namespace bulla::archive
