// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sbom/catalogers/rpm_test_support.hpp"

/// Small SQLite databases and write-ahead logs, byte by byte.
namespace bulla::test {

inline Bytes varint(std::uint64_t value) {
    Bytes out(1, static_cast<char>(value & 0x7FU));
    while ((value >>= 7U) != 0) {
        out.insert(out.begin(), static_cast<char>((value & 0x7FU) | 0x80U));
    }
    return out;
}

/// A row: per column SQLite's type number and the bytes.
inline Bytes sqlite_record(const std::vector<std::pair<std::uint64_t, Bytes>>& columns) {
    Bytes types;
    Bytes body;
    for (const auto& [type, bytes] : columns) {
        types += varint(type);
        body += bytes;
    }
    return Bytes(1, static_cast<char>(types.size() + 1)) + types + body;
}

/// Pages of 512 bytes: 1 the schema, 2 the root of the table, then for each row a leaf and the
/// overflow pages it needs.
class SqliteBuilder {
  public:
    explicit SqliteBuilder(std::string_view table = "Packages") : pages_(2, Bytes(512, '\0')) {
        const Bytes name(table);
        const Bytes row = sqlite_record({{23, "table"},
                                         {13 + 2 * name.size(), name},
                                         {13 + 2 * name.size(), name},
                                         {1, Bytes(1, '\2')},
                                         {0, ""}});
        put(pages_[0], 0, Bytes("SQLite format 3\0", 16) + big_endian<std::uint16_t>(512));
        put(pages_[0], 18, Bytes("\1\1\0\x40\x20\x20", 6));
        put(pages_[0], 56, be32(1));
        leaf(0, 100, row, 1);
    }

    void add(const Bytes& header) {
        children_.push_back(static_cast<std::uint32_t>(pages_.size() + 1));
        const Bytes row = sqlite_record({{0, ""}, {12 + 2 * header.size(), header}});
        pages_.emplace_back(512, '\0');
        const std::size_t own = pages_.size() - 1;
        leaf(own, 0, row, children_.size());
    }

    /// The pages, the first being number 1.
    std::vector<Bytes> pages() {
        Bytes& root = pages_[1];
        root[0] = children_.empty() ? '\xD' : '\5';
        if (!children_.empty()) {
            put(root, 3, big_endian(static_cast<std::uint16_t>(children_.size() - 1)));
            put(root, 8, be32(children_.back()));
        }
        for (std::size_t i = 0; i + 1 < children_.size(); ++i) {
            const std::size_t at = 512 - (i + 1) * 5;
            put(root, at, be32(children_[i]) + varint(i + 1));
            put(root, 12 + 2 * i, big_endian(static_cast<std::uint16_t>(at)));
        }
        put(pages_[0], 28, be32(static_cast<std::uint32_t>(pages_.size())));
        return pages_;
    }

    Bytes build() {
        Bytes file;
        for (const Bytes& page : pages()) {
            file += page;
        }
        return file;
    }

  private:
    /// Makes a page a leaf with this row.
    void leaf(std::size_t own, std::size_t at, const Bytes& row, std::uint64_t number) {
        std::size_t local = row.size();
        if (local > 512 - 35) {
            const std::size_t least = (512 - 12) * 32 / 255 - 23;
            local = least + (row.size() - least) % (512 - 4);
            local = local <= 512 - 35 ? local : least;
        }
        Bytes cell = varint(row.size()) + varint(number) + row.substr(0, local);
        if (local < row.size()) {
            cell += be32(static_cast<std::uint32_t>(pages_.size() + 1));
        }
        const std::size_t begin = 512 - cell.size();
        Bytes& page = pages_[own];
        page[at] = '\xD';
        put(page, at + 3, big_endian<std::uint16_t>(1));
        put(page, at + 8, big_endian(static_cast<std::uint16_t>(begin)));
        put(page, begin, cell);
        for (std::size_t from = local; from < row.size(); from += 508) {
            const bool last = from + 508 >= row.size();
            Bytes overflow = be32(last ? 0 : static_cast<std::uint32_t>(pages_.size() + 2)) +
                             row.substr(from, 508);
            overflow.resize(512);
            pages_.push_back(overflow);
        }
    }

    std::vector<Bytes> pages_;
    std::vector<std::uint32_t> children_;
};

inline Bytes sqlite_of(const std::vector<Bytes>& headers) {
    SqliteBuilder builder;
    for (const Bytes& header : headers) {
        builder.add(header);
    }
    return builder.build();
}

/// One page in a write-ahead log; `pages` is the size of the database if the frame ends a
/// transaction.
struct WalFrame {
    std::uint32_t page;
    Bytes bytes;
    std::uint32_t pages = 0;
    std::uint32_t salt = 7;
};

inline Bytes wal_of(const std::vector<WalFrame>& frames, std::uint32_t page_bytes = 512) {
    std::uint32_t first = 0;
    std::uint32_t second = 0;
    const auto add = [&](ByteView bytes) {
        const auto word = [&](std::size_t at) {
            std::uint32_t value = 0;
            for (std::size_t i = 4; i-- > 0;) {
                value = value * 256 + static_cast<unsigned char>(bytes[at + i]);
            }
            return value;
        };
        for (std::size_t at = 0; at < bytes.size(); at += 8) {
            first += word(at) + second;
            second += word(at + 4) + first;
        }
    };
    Bytes wal = be32(0x377f0682) + be32(3007000) + be32(page_bytes) + be32(0) + be32(7) + be32(8);
    add(wal);
    wal += be32(first) + be32(second);
    for (const WalFrame& frame : frames) {
        const Bytes head = be32(frame.page) + be32(frame.pages);
        add(head);
        add(frame.bytes);
        wal += head + be32(frame.salt) + be32(8) + be32(first) + be32(second) + frame.bytes;
    }
    return wal;
}

} // namespace bulla::test
