// SPDX-License-Identifier: Apache-2.0
#include "sbom/catalogers/rpm_header.hpp"

#include "base/core/byte_order.hpp"
#include "base/core/limits.hpp"
#include "sbom/catalogers/rpm_file.hpp"

#include <array>
#include <string>
#include <vector>

namespace bulla::sbom {
namespace {

constexpr std::size_t kCountsBytes = 8;
constexpr std::size_t kEntryBytes = 16;

/// The types of entries by their numbers, those that are looked at.
constexpr std::uint32_t kInt16 = 3;
constexpr std::uint32_t kInt64 = 5;
constexpr std::uint32_t kText = 6;
constexpr std::uint32_t kBinary = 7;
constexpr std::uint32_t kTextArray = 8;
constexpr std::uint32_t kTranslatedText = 9;

/// Bytes per item, by type: nothing, character, numbers of 1 to 8 bytes, text, bytes, texts. 0
/// where it depends on the item.
constexpr std::array<std::uint64_t, 10> kItemBytes{0, 1, 1, 2, 4, 8, 0, 1, 0, 0};

/// A region is a run of entries that were signed together; these tags begin one.
constexpr std::uint32_t kFirstRegion = 61;
constexpr std::uint32_t kLastRegion = 63;
/// The lowest tag of an entry that is no region: the languages of translated texts.
constexpr std::uint32_t kLowestTag = 100;

bool is_text(std::uint32_t type) {
    return type == kText || type == kTextArray || type == kTranslatedText;
}

bool is_region(std::uint32_t tag) {
    return tag >= kFirstRegion && tag <= kLastRegion;
}

Error bad_entry(std::uint32_t tag, std::string_view what) {
    return damaged("tag " + std::to_string(tag) + " of a header " + std::string(what));
}

} // namespace

std::optional<std::string_view> RpmTexts::next() {
    const std::size_t end = store_.find('\0');
    if (left_ == 0 || end == ByteView::npos) {
        return std::nullopt;
    }
    --left_;
    const std::string_view text = store_.substr(0, end);
    store_.remove_prefix(end + 1);
    return text;
}

Result<RpmHeader> RpmHeader::parse(ByteView bytes) {
    if (bytes.size() > limits::kRpmHeaderBytes) {
        return Error{ErrorCode::limit_exceeded,
                     "expected a header of at most " + std::to_string(limits::kRpmHeaderBytes) +
                         " bytes, found " + std::to_string(bytes.size())};
    }
    if (bytes.size() < kCountsBytes) {
        return damaged("a header has " + std::to_string(bytes.size()) + " bytes");
    }
    const std::uint64_t entries = load_big_endian<std::uint32_t>(bytes, 0);
    const std::uint64_t store = load_big_endian<std::uint32_t>(bytes, 4);
    if (entries > limits::kRpmHeaderEntries) {
        return Error{ErrorCode::limit_exceeded,
                     "expected a header of at most " + std::to_string(limits::kRpmHeaderEntries) +
                         " entries, found " + std::to_string(entries)};
    }
    if (kCountsBytes + entries * kEntryBytes + store != bytes.size()) {
        return damaged("a header of " + std::to_string(entries) + " entries and " +
                       std::to_string(store) + " bytes is stored in " +
                       std::to_string(bytes.size()) + " bytes");
    }
    RpmHeader header(bytes.substr(kCountsBytes, entries * kEntryBytes),
                     bytes.substr(bytes.size() - store));
    BULLA_TRY(header.check());
    return header;
}

std::size_t RpmHeader::entries() const {
    return index_.size() / kEntryBytes;
}

RpmHeader::Entry RpmHeader::entry(std::size_t at) const {
    const ByteView bytes = index_.substr(at * kEntryBytes, kEntryBytes);
    return {load_big_endian<std::uint32_t>(bytes, 0),
            load_big_endian<std::uint32_t>(bytes, 4),
            load_big_endian<std::uint32_t>(bytes, 8),
            load_big_endian<std::uint32_t>(bytes, 12)};
}

Status RpmHeader::check() const {
    // Entries do not share bytes, so that no header makes more work than its size.
    std::uint64_t left = store_.size();
    for (std::size_t i = 0; i < entries(); ++i) {
        const Entry one = entry(i);
        BULLA_TRY_ASSIGN(const std::uint64_t bytes, check_entry(one));
        if (bytes > left) {
            return bad_entry(one.tag, "lies over others");
        }
        left -= bytes;
        if (is_region(one.tag)) {
            if (i != 0) {
                return bad_entry(one.tag, "begins a region, and is not the first entry");
            }
            BULLA_TRY(check_region(one));
        }
    }
    return check_files();
}

/// The number of bytes the entry has in the store.
Result<std::uint64_t> RpmHeader::check_entry(const Entry& entry) const {
    if (entry.tag < kLowestTag && !is_region(entry.tag)) {
        return bad_entry(entry.tag, "is not known");
    }
    if (entry.type >= kItemBytes.size()) {
        return bad_entry(entry.tag, "has the unknown type " + std::to_string(entry.type));
    }
    if (entry.type != kBinary && entry.count > limits::kRpmArrayItems) {
        return Error{ErrorCode::limit_exceeded,
                     "expected at most " + std::to_string(limits::kRpmArrayItems) +
                         " items of tag " + std::to_string(entry.tag) + ", found " +
                         std::to_string(entry.count)};
    }
    const std::uint64_t bytes = entry.count * kItemBytes[entry.type];
    if (entry.count == 0 || entry.offset > store_.size() || bytes > store_.size() - entry.offset) {
        return bad_entry(entry.tag, "lies outside it");
    }
    if (entry.type == kText && entry.count != 1) {
        return bad_entry(entry.tag, "is one text and says it is several");
    }
    if (!is_text(entry.type)) {
        return bytes;
    }
    std::uint64_t length = 0;
    RpmTexts texts(entry.count, store_.substr(entry.offset));
    while (const auto text = texts.next()) {
        length += text->size() + 1;
    }
    if (texts.size() != 0) {
        return bad_entry(entry.tag, "has a text without an end");
    }
    return length;
}

Status RpmHeader::check_files() const {
    const std::size_t files = texts(RpmTag::base_names).size();
    const std::size_t folders = texts(RpmTag::directory_names).size();
    const RpmNumbers indexes = numbers(RpmTag::directory_indexes);
    if (indexes.size() != files) {
        return damaged("a header does not tell the folder of each of its files");
    }
    for (std::size_t i = 0; i < files; ++i) {
        if (const std::uint64_t folder = indexes.at(i).value_or(folders); folder >= folders) {
            return damaged("a header puts a file into folder " + std::to_string(folder) + " of " +
                           std::to_string(folders));
        }
    }
    return ok();
}

/// The first entry of a region points to a copy of itself behind the region's data, whose offset is
/// the size of the region's index, negative.
Status RpmHeader::check_region(const Entry& region) const {
    if (region.type != kBinary || region.count != kEntryBytes) {
        return bad_entry(region.tag, "is no beginning of a region");
    }
    const ByteView trailer = store_.substr(region.offset, kEntryBytes);
    const std::uint64_t offset = 0 - load_big_endian<std::uint32_t>(trailer, 8);
    const auto bytes = static_cast<std::uint32_t>(offset);
    if (!is_region(load_big_endian<std::uint32_t>(trailer, 0)) ||
        load_big_endian<std::uint32_t>(trailer, 4) != kBinary ||
        load_big_endian<std::uint32_t>(trailer, 12) != kEntryBytes || bytes == 0 ||
        bytes % kEntryBytes != 0 || bytes > index_.size()) {
        return bad_entry(region.tag, "begins a region that does not end properly");
    }
    return ok();
}

/// What was added after signing stands behind the region and replaces entries in it, so the last
/// one counts.
std::optional<RpmHeader::Entry> RpmHeader::find(RpmTag tag) const {
    for (std::size_t i = entries(); i-- > 0;) {
        if (load_big_endian<std::uint32_t>(index_, i * kEntryBytes) ==
            static_cast<std::uint32_t>(tag)) {
            return entry(i);
        }
    }
    return std::nullopt;
}

std::string_view RpmHeader::text(RpmTag tag) const {
    return texts(tag).next().value_or(std::string_view());
}

RpmTexts RpmHeader::texts(RpmTag tag) const {
    const auto entry = find(tag);
    return entry && is_text(entry->type) ? RpmTexts(entry->count, store_.substr(entry->offset))
                                         : RpmTexts();
}

std::optional<std::uint64_t> RpmNumbers::at(std::size_t index) const {
    if (index >= size()) {
        return std::nullopt;
    }
    const std::size_t place = index * item_bytes_;
    switch (item_bytes_) {
    case 2:
        return load_big_endian<std::uint16_t>(items_, place);
    case 4:
        return load_big_endian<std::uint32_t>(items_, place);
    case 8:
        return load_big_endian<std::uint64_t>(items_, place);
    default:
        return std::nullopt;
    }
}

RpmNumbers RpmHeader::numbers(RpmTag tag) const {
    const auto entry = find(tag);
    if (!entry || entry->type < kInt16 || entry->type > kInt64) {
        return {};
    }
    const std::size_t bytes = kItemBytes[entry->type];
    return {bytes, store_.substr(entry->offset, entry->count * bytes)};
}

void RpmHeader::for_each_file(
    const std::function<void(std::string_view folder, std::string_view name)>& visit) const {
    RpmTexts names = texts(RpmTag::base_names);
    if (names.size() == 0) {
        return;
    }
    std::vector<std::string_view> folders;
    RpmTexts folder_texts = texts(RpmTag::directory_names);
    folders.reserve(folder_texts.size());
    while (const auto folder = folder_texts.next()) {
        folders.push_back(*folder);
    }
    const RpmNumbers indexes = numbers(RpmTag::directory_indexes);
    for (std::size_t i = 0; const auto name = names.next(); ++i) {
        visit(folders[indexes.at(i).value_or(0)], *name); // check_files has seen all of them
    }
}

} // namespace bulla::sbom
