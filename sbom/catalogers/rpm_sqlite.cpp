// SPDX-License-Identifier: Apache-2.0
#include "sbom/catalogers/rpm_sqlite.hpp"

#include "base/core/byte_order.hpp"
#include "base/core/limits.hpp"
#include "sbom/catalogers/sqlite_pages.hpp"

#include <array>
#include <optional>

/// The parts of "Database File Format" (sqlite.org) that a table's rows need: b-tree pages of
/// tables, overflow chains, records.
namespace bulla::sbom {
namespace {

constexpr char kInteriorPage = 5;
constexpr char kLeafPage = 13;
constexpr std::size_t kFileHeaderBytes = 100;

/// Removes a variable-length number from the front: seven bits a byte, eight in a ninth.
std::optional<std::uint64_t> take_varint(ByteView& bytes) {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < bytes.size() && i < 9; ++i) {
        const auto byte = static_cast<unsigned char>(bytes[i]);
        if (i == 8) {
            value = (value << 8U) | byte;
        } else {
            value = (value << 7U) | (byte & 0x7FU);
        }
        if (i == 8 || byte < 0x80U) {
            bytes.remove_prefix(i + 1);
            return value;
        }
    }
    return std::nullopt;
}

/// One value of a row.
struct Column {
    std::uint64_t type = 0; ///< SQLite's serial type
    ByteView bytes;

    bool is_blob() const { return type >= 12 && type % 2 == 0; }

    bool is_text() const { return type >= 13 && type % 2 == 1; }

    std::optional<std::uint32_t> as_page() const {
        if (type == 0 || type > 6 || bytes.empty()) {
            return std::nullopt;
        }
        std::uint64_t value = 0;
        for (const char c : bytes) {
            value = (value << 8U) | static_cast<unsigned char>(c);
        }
        return value > UINT32_MAX ? std::nullopt : std::optional(static_cast<std::uint32_t>(value));
    }
};

/// The length that a serial type stands for; nothing for the two that are reserved.
std::optional<std::uint64_t> length_of(std::uint64_t type) {
    constexpr std::array<std::uint64_t, 10> kFixed{0, 1, 2, 3, 4, 6, 8, 8, 0, 0};
    if (type < kFixed.size()) {
        return kFixed[type];
    }
    return type < 12 ? std::nullopt : std::optional((type - 12) / 2);
}

/// The first columns of a record, as many as `columns` takes; those the record lacks stay NULL.
template <std::size_t N> Result<std::array<Column, N>> parse_record(ByteView record) {
    std::array<Column, N> columns{};
    ByteView types = record;
    const auto header = take_varint(types);
    const std::size_t length_bytes = record.size() - types.size();
    if (!header || *header > record.size() || *header < length_bytes) {
        return damaged("the header of a row is longer than the row");
    }
    types = types.substr(0, *header - length_bytes);
    record.remove_prefix(*header);
    for (Column& column : columns) {
        if (types.empty()) {
            break;
        }
        const auto type = take_varint(types);
        const auto length = type ? length_of(*type) : std::nullopt;
        if (!length || *length > record.size()) {
            return damaged("a column of a row lies outside it");
        }
        column = {*type, record.substr(0, *length)};
        record.remove_prefix(*length);
    }
    return columns;
}

/// Called with the record of each row.
using RowSink = std::function<Status(ByteView record)>;

class TableReader {
  public:
    TableReader(SqlitePages& pages, const RowSink& sink) : pages_(pages), sink_(sink) {}

    Status read(std::uint32_t page, std::size_t depth);

  private:
    Status read_cell(ByteView page, std::size_t at, std::size_t& left);
    Status read_long_cell(ByteView local, std::uint64_t length, std::uint32_t overflow);
    std::size_t local_bytes(std::uint64_t length) const;

    SqlitePages& pages_;
    const RowSink& sink_;
    Bytes record_; ///< a row put together, the memory used again
};

Status TableReader::read(std::uint32_t number, std::size_t depth) {
    if (depth > limits::kBtreeDepth) {
        return Error{ErrorCode::limit_exceeded,
                     "expected a table of at most " + std::to_string(limits::kBtreeDepth) +
                         " levels"};
    }
    BULLA_TRY_ASSIGN(const FileContent content, pages_.take(number));
    const ByteView page = content.bytes().substr(0, pages_.usable_bytes());
    const std::size_t start = number == 1 ? kFileHeaderBytes : 0;
    const char type = page[start];
    if (type != kLeafPage && type != kInteriorPage) {
        return damaged("page " + std::to_string(number) + " is none of a table");
    }
    const std::size_t cells = load_big_endian<std::uint16_t>(page, start + 3);
    const std::size_t header = start + (type == kLeafPage ? 8 : 12);
    if (header + cells * 2 > page.size()) {
        return damaged("page " + std::to_string(number) + " has " + std::to_string(cells) +
                       " cells");
    }
    // Rows do not overlap, so that no page makes more work than its size.
    std::size_t left = page.size();
    for (std::size_t i = 0; i < cells; ++i) {
        const std::size_t at = load_big_endian<std::uint16_t>(page, header + i * 2);
        if (at < header + cells * 2 || at + 4 > page.size()) {
            return damaged("cell " + std::to_string(i) + " of page " + std::to_string(number) +
                           " lies outside it");
        }
        if (type == kLeafPage) {
            BULLA_TRY(read_cell(page, at, left));
        } else {
            BULLA_TRY(read(load_big_endian<std::uint32_t>(page, at), depth + 1));
        }
    }
    return type == kLeafPage ? ok()
                             : read(load_big_endian<std::uint32_t>(page, start + 8), depth + 1);
}

/// How much of a row is on its own page; the rest is in a chain of overflow pages.
std::size_t TableReader::local_bytes(std::uint64_t length) const {
    const std::size_t usable = pages_.usable_bytes();
    const std::size_t most = usable - 35;
    if (length <= most) {
        return length;
    }
    const std::size_t least = (usable - 12) * 32 / 255 - 23;
    const std::size_t filling = least + (length - least) % (usable - 4);
    return filling <= most ? filling : least;
}

Status TableReader::read_cell(ByteView page, std::size_t at, std::size_t& left) {
    ByteView rest = page.substr(at);
    const auto length = take_varint(rest);
    if (!length || !take_varint(rest)) {
        return damaged("a row has no length");
    }
    const std::size_t local = local_bytes(*length);
    const bool is_long = local < *length;
    if (local + (is_long ? 4 : 0) > rest.size()) {
        return damaged("a row leaves its page");
    }
    if (local > left) {
        return damaged("rows lie over each other");
    }
    left -= local;
    return is_long ? read_long_cell(rest.substr(0, local),
                                    *length,
                                    load_big_endian<std::uint32_t>(rest, local))
                   : sink_(rest.substr(0, local));
}

Status TableReader::read_long_cell(ByteView local, std::uint64_t length, std::uint32_t overflow) {
    // A row is a header and some bytes around it.
    constexpr std::uint64_t kRowBytes = limits::kRpmHeaderBytes + 64 * limits::kKiB;
    if (length > kRowBytes) {
        return Error{ErrorCode::limit_exceeded,
                     "expected a row of at most " + std::to_string(kRowBytes) + " bytes, found " +
                         std::to_string(length)};
    }
    if (length > std::uint64_t{pages_.size()} * pages_.usable_bytes()) {
        return damaged("a row of " + std::to_string(length) + " bytes is larger than the file");
    }
    record_.clear();
    record_.reserve(length);
    record_ += local;
    while (record_.size() < length) {
        BULLA_TRY_ASSIGN(const FileContent content, pages_.take(overflow));
        const ByteView page = content.bytes().substr(0, pages_.usable_bytes());
        overflow = load_big_endian<std::uint32_t>(page, 0);
        record_ += page.substr(4, length - record_.size());
    }
    return sink_(record_);
}

/// The page at which the table Packages begins.
Result<std::uint32_t> find_packages(SqlitePages& pages) {
    std::optional<std::uint32_t> root;
    const RowSink look = [&](ByteView record) -> Status {
        // type, name, table, page, SQL
        BULLA_TRY_ASSIGN(const auto columns, parse_record<4>(record));
        if (columns[0].is_text() && columns[0].bytes == "table" && columns[1].bytes == "Packages") {
            root = columns[3].as_page();
        }
        return ok();
    };
    BULLA_TRY(TableReader(pages, look).read(1, 1));
    if (!root) {
        return damaged("there is no table Packages in it");
    }
    return *root;
}

} // namespace

Status read_rpm_sqlite(const RpmFile& file, const RpmFile* wal, const RpmHeaderSink& sink) {
    BULLA_TRY_ASSIGN(SqlitePages pages, SqlitePages::open(file, wal));
    BULLA_TRY_ASSIGN(const std::uint32_t root, find_packages(pages));
    const RowSink hand_over = [&](ByteView record) -> Status {
        // The number of the package is the row's, so its column is NULL; then the header.
        BULLA_TRY_ASSIGN(const auto columns, parse_record<2>(record));
        if (!columns[1].is_blob()) {
            return damaged("a row of the table Packages has no header");
        }
        return sink(columns[1].bytes);
    };
    BULLA_TRY(TableReader(pages, hand_over).read(root, 1));
    return pages.flaw().empty() ? ok() : Status(damaged(pages.flaw()));
}

} // namespace bulla::sbom
