// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bulla::test {

/// Writes tar archives from the field tables of POSIX pax, valid or not as a test wishes. Knows
/// nothing of our reader.
class TarBuilder {
  public:
    /// A header block: ustar unless `magic` says otherwise; the checksum is made to fit.
    static std::string header(std::string_view name,
                              char type,
                              std::uint64_t size,
                              std::string_view link = {},
                              std::string_view magic = std::string_view("ustar\0"
                                                                        "00",
                                                                        8)) {
        std::string block(512, '\0');
        put(block, 0, name);
        put(block, 100, "0000644");
        put(block, 108, "0000000");
        put(block, 116, "0000000");
        put(block, 124, octal(size, 11));
        put(block, 136, "00000000000");
        block[156] = type;
        put(block, 157, link);
        put(block, 257, magic);
        return with_checksum(std::move(block));
    }

    static std::string with_checksum(std::string block) {
        block.replace(148, 8, "        ");
        unsigned sum = 0;
        for (const char c : block) {
            sum += static_cast<unsigned char>(c);
        }
        put(block, 148, octal(sum, 6) + std::string("\0 ", 2));
        return block;
    }

    static std::string pax_record(std::string_view key, std::string_view value) {
        const auto rest = key.size() + value.size() + 3;
        auto length = rest + 1;
        while (std::to_string(length).size() + rest != length) {
            ++length;
        }
        return std::to_string(length) + " " + std::string(key) + "=" + std::string(value) + "\n";
    }

    static std::string padded(std::string content) {
        content.resize((content.size() + 511) / 512 * 512);
        return content;
    }

    TarBuilder& raw(std::string_view bytes) {
        bytes_ += bytes;
        return *this;
    }

    TarBuilder& file(std::string_view name, std::string_view content = {}) {
        return raw(header(name, '0', content.size())).raw(padded(std::string(content)));
    }

    TarBuilder& directory(std::string_view name) { return raw(header(name, '5', 0)); }

    TarBuilder& symlink(std::string_view name, std::string_view target) {
        return raw(header(name, '2', 0, target));
    }

    TarBuilder& hard_link(std::string_view name, std::string_view target) {
        return raw(header(name, '1', 0, target));
    }

    using Records = std::vector<std::pair<std::string, std::string>>;

    TarBuilder& pax(const Records& records, char type = 'x') {
        std::string body;
        for (const auto& [key, value] : records) {
            body += pax_record(key, value);
        }
        return raw(header("PaxHeaders/0", type, body.size())).raw(padded(body));
    }

    /// GNU's 'L' (name) or 'K' (link) header.
    TarBuilder& gnu_long(char type, std::string_view value) {
        const std::string body = std::string(value) + '\0';
        return raw(header("././@LongLink", type, body.size(), {}, std::string_view("ustar  \0", 8)))
            .raw(padded(body));
    }

    /// The archive with its two final blocks.
    std::string finish() const { return bytes_ + std::string(1024, '\0'); }

    /// The archive without them.
    const std::string& bytes() const { return bytes_; }

    static void put(std::string& block, std::size_t at, std::string_view text) {
        block.replace(at, text.size(), text);
    }

    static std::string octal(std::uint64_t value, int digits) {
        std::array<char, 32> buffer{};
        const int size = std::snprintf(
            buffer.data(), buffer.size(), "%0*llo", digits, static_cast<unsigned long long>(value));
        return std::string(buffer.data(), static_cast<std::size_t>(size));
    }

  private:
    std::string bytes_;
};

/// One gzip member with stored blocks (RFC 1951, 3.2.4; RFC 1952).
inline std::string gzip_stored(std::string_view content) {
    std::uint32_t crc = 0xFFFFFFFFU;
    for (const char c : content) {
        crc ^= static_cast<unsigned char>(c);
        for (int bit = 0; bit < 8; ++bit) {
            crc = (crc >> 1U) ^ (0xEDB88320U & (0U - (crc & 1U)));
        }
    }
    crc = ~crc;
    const auto little = [](std::uint64_t value, int bytes) {
        std::string out;
        for (int i = 0; i < bytes; ++i) {
            out += static_cast<char>(value >> (8 * i));
        }
        return out;
    };
    std::string out("\x1f\x8b\x08\0\0\0\0\0\0\xff", 10);
    const auto total = content.size();
    do {
        const auto piece = content.substr(0, 0xFFFF);
        content.remove_prefix(piece.size());
        out += content.empty() ? '\1' : '\0';
        out += little(piece.size(), 2) + little(~piece.size() & 0xFFFFU, 2);
        out += piece;
    } while (!content.empty());
    return out + little(crc, 4) + little(total, 4);
}

/// One zstd frame with raw blocks and a window of 1 MiB (RFC 8878, 3.1.1).
inline std::string zstd_raw(std::string_view content) {
    std::string out("\x28\xb5\x2f\xfd\x00\x50", 6);
    do {
        const auto piece = content.substr(0, 0x10000);
        content.remove_prefix(piece.size());
        const std::uint64_t head = piece.size() << 3U | (content.empty() ? 1U : 0U);
        for (int i = 0; i < 3; ++i) {
            out += static_cast<char>(head >> (8 * i));
        }
        out += piece;
    } while (!content.empty());
    return out;
}

/// A zstd skippable frame (RFC 8878, 3.1.2).
inline std::string zstd_skippable(std::string_view content) {
    std::string out("\x5e\x2a\x4d\x18", 4);
    for (int i = 0; i < 4; ++i) {
        out += static_cast<char>(content.size() >> (8 * i));
    }
    return out + std::string(content);
}

} // namespace bulla::test
