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

    RpmHeaderBuilder&
    entry(std::uint32_t tag, std::uint32_t type, std::uint32_t count, ByteView data) {
        index_ +=
            be32(tag) + be32(type) + be32(static_cast<std::uint32_t>(store_.size())) + be32(count);
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
        return entry(
            static_cast<std::uint32_t>(tag), 8, static_cast<std::uint32_t>(texts.size()), data);
    }

    RpmHeaderBuilder& numbers(Tag tag, const std::vector<std::uint32_t>& numbers) {
        Bytes data;
        for (const std::uint32_t number : numbers) {
            data += be32(number);
        }
        return entry(
            static_cast<std::uint32_t>(tag), 4, static_cast<std::uint32_t>(numbers.size()), data);
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

} // namespace bulla::test
