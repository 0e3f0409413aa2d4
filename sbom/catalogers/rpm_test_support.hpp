// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/core/bytes.hpp"
#include "sbom/catalogers/rpm_header.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Small rpm databases, byte by byte.
namespace bulla::test {

template <class T> Bytes big_endian(T value) {
    Bytes out(sizeof(T), '\0');
    for (std::size_t i = 0; i < sizeof(T); ++i) {
        out[sizeof(T) - 1 - i] = static_cast<char>(value >> (8 * i));
    }
    return out;
}

template <class T> Bytes little_endian(T value) {
    const Bytes out = big_endian(value);
    return {out.rbegin(), out.rend()};
}

inline Bytes be32(std::uint32_t value) {
    return big_endian(value);
}

inline Bytes le32(std::uint32_t value) {
    return little_endian(value);
}

inline void put(Bytes& into, std::size_t at, ByteView bytes) {
    into.replace(at, bytes.size(), bytes);
}

/// A header, entry by entry.
class RpmHeaderBuilder {
  public:
    using Tag = sbom::RpmTag;

    RpmHeaderBuilder& entry(std::uint32_t tag, std::uint32_t type, std::uint32_t count, ByteView data) {
        index_ += be32(tag) + be32(type) + be32(static_cast<std::uint32_t>(store_.size())) +
                  be32(count);
        store_ += data;
        return *this;
    }

    RpmHeaderBuilder& text(Tag tag, std::string_view text) {
        return entry(static_cast<std::uint32_t>(tag), 6, 1, Bytes(text) + '\0');
    }

    RpmHeaderBuilder& texts(Tag tag, const std::vector<std::string>& texts) {
        Bytes data;
        for (const std::string& text : texts) {
            data += text + '\0';
        }
        return entry(static_cast<std::uint32_t>(tag), 8, static_cast<std::uint32_t>(texts.size()), data);
    }

    RpmHeaderBuilder& numbers(Tag tag, const std::vector<std::uint32_t>& numbers) {
        Bytes data;
        for (const std::uint32_t number : numbers) {
            data += be32(number);
        }
        return entry(static_cast<std::uint32_t>(tag), 4, static_cast<std::uint32_t>(numbers.size()), data);
    }

    /// The header, its entries so far in a region as rpm makes one.
    Bytes build_signed() const {
        const auto size = static_cast<std::uint32_t>(index_.size() + 16);
        const Bytes trailer = be32(63) + be32(7) + be32(0 - size) + be32(16);
        const Bytes first =
            be32(63) + be32(7) + be32(static_cast<std::uint32_t>(store_.size())) + be32(16);
        return header_of(first + index_, store_ + trailer);
    }

    Bytes build() const { return header_of(index_, store_); }

    static Bytes header_of(const Bytes& index, const Bytes& store) {
        return be32(static_cast<std::uint32_t>(index.size() / 16)) +
               be32(static_cast<std::uint32_t>(store.size())) + index + store;
    }

  private:
    Bytes index_;
    Bytes store_;
};

/// A package with as much as every package has.
inline RpmHeaderBuilder rpm_named(std::string_view name, std::string_view version = "1") {
    RpmHeaderBuilder header;
    header.text(sbom::RpmTag::name, name)
        .text(sbom::RpmTag::version, version)
        .text(sbom::RpmTag::release, "1")
        .text(sbom::RpmTag::architecture, "x86_64");
    return header;
}

/// A header that is longer than some pages of a database.
inline Bytes long_rpm(std::string_view name) {
    return rpm_named(name).text(sbom::RpmTag::summary, Bytes(1500, 's')).build_signed();
}

// ---- ndb

inline std::uint32_t adler32(ByteView bytes) {
    std::uint32_t a = 1;
    std::uint32_t b = 0;
    for (const char c : bytes) {
        a = (a + static_cast<unsigned char>(c)) % 65521;
        b = (b + a) % 65521;
    }
    return b * 65536 + a;
}

inline Bytes ndb_of(const std::vector<Bytes>& headers) {
    Bytes file = "RpmP" + le32(0) + le32(1) + le32(1) + le32(1) + Bytes(12, '\0');
    while (file.size() < 4096) {
        file += "Slot" + Bytes(12, '\0');
    }
    std::uint32_t number = 0;
    for (const Bytes& header : headers) {
        const auto length = static_cast<std::uint32_t>(header.size());
        Bytes blob = "BlbS" + le32(++number) + le32(1) + le32(length) + header;
        blob.resize((blob.size() + 12 + 15) / 16 * 16 - 12);
        blob += le32(adler32(blob)) + le32(length) + "BlbE";
        put(file,
            16 + number * 16,
            "Slot" + le32(number) + le32(static_cast<std::uint32_t>(file.size() / 16)) +
                le32(static_cast<std::uint32_t>(blob.size() / 16)));
        file += blob;
    }
    return file;
}

// ---- Berkeley DB

/// Pages of 512 bytes: meta, two buckets of which the first has everything, overflow pages.
class BdbBuilder {
  public:
    explicit BdbBuilder(bool big = false) : big_(big) {
        pages_.resize(3, Bytes(512, '\0'));
        for (std::uint32_t page = 0; page < 2; ++page) {
            pages_[page + 1] = page_of(page + 1, 13);
        }
        item(Bytes(1, '\1') + u32(0));
        item(Bytes(1, '\1') + u32(99));
    }

    void add(const Bytes& header) {
        item(Bytes(1, '\1') + u32(++number_));
        item(Bytes("\3\0\0\0", 4) + u32(static_cast<std::uint32_t>(pages_.size())) +
             u32(static_cast<std::uint32_t>(header.size())));
        for (std::size_t at = 0; at < header.size(); at += 486) {
            const Bytes part = header.substr(at, 486);
            const auto here = static_cast<std::uint32_t>(pages_.size());
            Bytes page = page_of(here, 7);
            put(page, 16, u32(at + 486 < header.size() ? here + 1 : 0));
            put(page, 22, u16(static_cast<std::uint16_t>(part.size())));
            put(page, 26, part);
            pages_.push_back(page);
        }
    }

    Bytes build() {
        Bytes& meta = pages_[0];
        put(meta, 12, u32(0x00061561) + u32(9) + u32(512));
        meta[25] = 8;
        put(meta, 32, u32(static_cast<std::uint32_t>(pages_.size() - 1)));
        put(meta, 72, u32(1) + u32(1) + u32(0));
        put(meta, 96, u32(1) + u32(1));
        put(pages_[1], 20, u16(items_));
        Bytes file;
        for (const Bytes& page : pages_) {
            file += page;
        }
        return file;
    }

    Bytes u32(std::uint32_t value) const { return big_ ? big_endian(value) : little_endian(value); }

    Bytes u16(std::uint16_t value) const { return big_ ? big_endian(value) : little_endian(value); }

  private:
    Bytes page_of(std::uint32_t number, char type) const {
        Bytes page(512, '\0');
        put(page, 8, u32(number));
        page[25] = type;
        return page;
    }

    void item(const Bytes& bytes) {
        end_ -= bytes.size();
        put(pages_[1], end_, bytes);
        put(pages_[1], 26 + items_ * std::size_t{2}, u16(static_cast<std::uint16_t>(end_)));
        ++items_;
    }

    bool big_;
    std::uint32_t number_ = 0;
    std::uint16_t items_ = 0;
    std::size_t end_ = 512;
    std::vector<Bytes> pages_;
};

inline Bytes bdb_of(const std::vector<Bytes>& headers, bool big = false) {
    BdbBuilder builder(big);
    for (const Bytes& header : headers) {
        builder.add(header);
    }
    return builder.build();
}

// ---- SQLite

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
