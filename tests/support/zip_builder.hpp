// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/compress/raw_deflate.hpp"
#include "base/core/bytes.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bulla::test {

/// A deflate stream (RFC 1951) of stored blocks: any content, in the plainest valid form.
inline Bytes deflate_stored(ByteView content) {
    Bytes out;
    do {
        const std::size_t size = std::min<std::size_t>(content.size(), 0xFFFF);
        const bool last = size == content.size();
        out += last ? '\1' : '\0';
        for (const std::size_t value : {size, ~size}) {
            out += static_cast<char>(value & 0xFF);
            out += static_cast<char>((value >> 8U) & 0xFF);
        }
        out += content.substr(0, size);
        content.remove_prefix(size);
        if (last) {
            return out;
        }
    } while (true);
}

/// A deflate stream of "a", about 159 of them for each byte: one literal and then copies of 258, in
/// the fixed code (RFC 1951 section 3.2.6).
inline Bytes deflate_run(std::size_t copies) {
    Bytes out;
    unsigned bits = 0;
    unsigned count = 0;
    const auto put = [&](unsigned code, unsigned length) { // Huffman codes: highest bit first
        while (length-- > 0) {
            bits |= (code >> length & 1U) << count++;
            if (count == 8) {
                out += static_cast<char>(bits);
                bits = count = 0;
            }
        }
    };
    put(1, 1);          // the last block
    put(0b10, 2);       // fixed codes: 01, lowest bit first
    put(0x30 + 'a', 8); // the literal
    for (std::size_t i = 0; i < copies; ++i) {
        put(0b11000101, 8); // length 258
        put(0, 5);          // distance 1
    }
    put(0, 7); // end of block
    put(0, count == 0 ? 0 : 8 - count);
    return out;
}

inline std::size_t length_of_run(std::size_t copies) {
    return 1 + 258 * copies;
}

/// One entry of a zip made by hand; what is not set is right.
struct ZipItem {
    std::string name;
    Bytes content;                   ///< inflated
    std::optional<Bytes> deflated{}; ///< set: method 8, and these are its bytes
    std::optional<std::string> local_name{};
    std::optional<std::uint16_t> local_method{};
    std::optional<std::uint16_t> method{};
    std::uint16_t flags = 0;
    std::optional<std::uint32_t> crc32{};
    std::optional<std::uint32_t> size{};            ///< in the directory
    std::optional<std::uint32_t> compressed_size{}; ///< in the directory
    std::optional<std::uint32_t> offset{};          ///< in the directory
    Bytes local_extra{};
    Bytes extra{}; ///< in the directory
};

struct ZipShape {
    Bytes prefix{};             ///< before the archive
    bool counts_prefix = false; ///< offsets count from the start of the prefix
    std::string comment{};
    Bytes suffix{}; ///< after the end record
    std::optional<std::uint16_t> records{};
    std::optional<std::uint32_t> directory_size{};
    std::optional<std::uint32_t> directory_offset{};
    bool zip64 = false; ///< with zip64 records, the old ones full of ones
    std::optional<std::uint64_t> zip64_records{};
};

/// Writes zips (APPNOTE.TXT) for tests, right ones and wrong ones.
class ZipBuilder {
  public:
    ZipBuilder& add(ZipItem item) {
        items_.push_back(std::move(item));
        return *this;
    }

    ZipBuilder& add(std::string name, Bytes content) {
        return add(ZipItem{.name = std::move(name), .content = std::move(content)});
    }

    ZipBuilder& add_deflated(std::string name, Bytes content) {
        Bytes deflated = deflate_stored(content);
        return add(ZipItem{.name = std::move(name),
                           .content = std::move(content),
                           .deflated = std::move(deflated)});
    }

    Bytes build(const ZipShape& shape = {}) const {
        Bytes out = shape.prefix;
        const std::size_t base = shape.counts_prefix ? 0 : shape.prefix.size();
        Bytes directory;
        for (const ZipItem& item : items_) {
            const auto offset = static_cast<std::uint32_t>(out.size() - base);
            append_local(out, item);
            append_record(directory, item, offset);
        }
        const std::size_t begin = out.size();
        out += directory;
        append_end(out, shape, begin - base, directory.size());
        return out + shape.suffix;
    }

  private:
    static void put(Bytes& out, std::uint64_t value, int bytes) {
        for (int i = 0; i < bytes; ++i) {
            out += static_cast<char>(value >> (8 * i) & 0xFF);
        }
    }

    static const Bytes& stored_form(const ZipItem& item) {
        return item.deflated ? *item.deflated : item.content;
    }

    static std::uint16_t method_of(const ZipItem& item) {
        return item.method.value_or(item.deflated ? 8 : 0);
    }

    static void append_local(Bytes& out, const ZipItem& item) {
        const std::string& name = item.local_name.value_or(item.name);
        put(out, 0x04034b50, 4);
        put(out, 20, 2);
        put(out, item.flags, 2);
        put(out, item.local_method.value_or(method_of(item)), 2);
        put(out, 0, 4);
        put(out, compress::crc32(0, item.content), 4);
        put(out, stored_form(item).size(), 4);
        put(out, item.content.size(), 4);
        put(out, name.size(), 2);
        put(out, item.local_extra.size(), 2);
        out += name + item.local_extra + stored_form(item);
    }

    static void append_record(Bytes& out, const ZipItem& item, std::uint32_t offset) {
        put(out, 0x02014b50, 4);
        put(out, 20, 2);
        put(out, 20, 2);
        put(out, item.flags, 2);
        put(out, method_of(item), 2);
        put(out, 0, 4);
        put(out, item.crc32.value_or(compress::crc32(0, item.content)), 4);
        put(out, item.compressed_size.value_or(stored_form(item).size()), 4);
        put(out, item.size.value_or(item.content.size()), 4);
        put(out, item.name.size(), 2);
        put(out, item.extra.size(), 2);
        put(out, 0, 2);
        put(out, 0, 2);
        put(out, 0, 2);
        put(out, 0, 4);
        put(out, item.offset.value_or(offset), 4);
        out += item.name + item.extra;
    }

    void
    append_end(Bytes& out, const ZipShape& shape, std::uint64_t offset, std::uint64_t size) const {
        if (shape.zip64) {
            const std::uint64_t at = out.size();
            put(out, 0x06064b50, 4);
            put(out, 44, 8);
            put(out, 45, 2);
            put(out, 45, 2);
            put(out, 0, 8);
            put(out, shape.zip64_records.value_or(items_.size()), 8);
            put(out, shape.zip64_records.value_or(items_.size()), 8);
            put(out, size, 8);
            put(out, offset, 8);
            put(out, 0x07064b50, 4);
            put(out, 0, 4);
            put(out, at, 8);
            put(out, 1, 4);
        }
        put(out, 0x06054b50, 4);
        put(out, 0, 4);
        const std::uint64_t records = shape.zip64 ? 0xFFFF : items_.size();
        put(out, shape.records.value_or(records), 2);
        put(out, shape.records.value_or(records), 2);
        put(out, shape.directory_size.value_or(shape.zip64 ? 0xFFFFFFFF : size), 4);
        put(out, shape.directory_offset.value_or(shape.zip64 ? 0xFFFFFFFF : offset), 4);
        put(out, shape.comment.size(), 2);
        out += shape.comment;
    }

    std::vector<ZipItem> items_;
};

} // namespace bulla::test
