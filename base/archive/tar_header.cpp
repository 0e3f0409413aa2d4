// SPDX-License-Identifier: Apache-2.0
#include "base/archive/tar_header.hpp"

#include <algorithm>
#include <cstring>
#include <limits>

namespace bulla::archive {

namespace {

struct Field {
    std::size_t at;
    std::size_t size;

    ByteView of(ByteView block) const { return block.substr(at, size); }
};

constexpr Field kName{0, 100};
constexpr Field kSize{124, 12};
constexpr Field kChecksum{148, 8};
constexpr std::size_t kType = 156;
constexpr Field kLink{157, 100};
constexpr Field kMagic{257, 6};
constexpr Field kVersion{263, 2};
constexpr Field kPrefix{345, 155};
constexpr Field kStarPrefix{345, 131};
constexpr Field kStarTrailer{508, 4};
constexpr Field kGnuAccessTime{345, 12};
constexpr Field kGnuChangeTime{357, 12};
/// Fields whose value does not matter here, but a header in which one is not a number is refused
/// by the runtimes: mode, uid, gid and mtime; with a magic also the device numbers.
constexpr std::array kAlwaysNumbers{Field{100, 8}, Field{108, 8}, Field{116, 8}, Field{136, 12}};
constexpr std::array kDeviceNumbers{Field{329, 8}, Field{337, 8}};

std::string_view until_nul(ByteView field) {
    return field.substr(0, field.find('\0'));
}

std::optional<std::int64_t> parse_base256(ByteView field) {
    const auto first = static_cast<unsigned char>(field[0]);
    // Two's complement in all bits but the highest, which marks the form.
    const unsigned invert = (first & 0x40U) != 0 ? 0xFFU : 0x00U;
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < field.size(); ++i) {
        auto byte = static_cast<unsigned char>(field[i]) ^ invert;
        if (i == 0) {
            byte &= 0x7FU;
        }
        if ((value >> 56U) > 0) {
            return std::nullopt;
        }
        value = value << 8U | byte;
    }
    if (value > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
        return std::nullopt;
    }
    const auto number = static_cast<std::int64_t>(value);
    return invert != 0 ? -number - 1 : number;
}

std::optional<std::int64_t> parse_octal(ByteView field) {
    using namespace std::string_view_literals;
    const auto first = field.find_first_not_of(" \0"sv);
    if (first == ByteView::npos) {
        return 0;
    }
    field = until_nul(field.substr(first, field.find_last_not_of(" \0"sv) - first + 1));
    std::uint64_t value = 0;
    for (const char c : field) {
        if (c < '0' || c > '7' || (value >> 60U) != 0) {
            return std::nullopt;
        }
        value = value << 3U | static_cast<unsigned>(c - '0');
    }
    if (value > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
        return std::nullopt;
    }
    return static_cast<std::int64_t>(value);
}

bool checksum_holds(ByteView block) {
    const auto stated = parse_octal(kChecksum.of(block));
    if (!stated) {
        return false;
    }
    // The checksum's own eight bytes count as blanks.
    std::int64_t unsigned_sum = std::int64_t{' '} * 8;
    std::int64_t high_bytes = 0;
    const auto add = [&](ByteView part) {
        unsigned sum = 0;
        unsigned high = 0;
        for (const char c : part) {
            const auto byte = static_cast<unsigned char>(c);
            sum += byte;
            high += byte >> 7U;
        }
        unsigned_sum += sum;
        high_bytes += high;
    };
    add(block.substr(0, kChecksum.at));
    add(block.substr(kChecksum.at + kChecksum.size));
    return *stated == unsigned_sum || *stated == unsigned_sum - 256 * high_bytes;
}

TarFormat format_of(ByteView block) {
    using namespace std::string_view_literals;
    const auto magic = kMagic.of(block);
    if (magic == "ustar\0"sv) {
        return kStarTrailer.of(block) == "tar\0"sv ? TarFormat::star : TarFormat::ustar;
    }
    return magic == "ustar "sv && kVersion.of(block) == " \0"sv ? TarFormat::gnu : TarFormat::v7;
}

bool is_ascii(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

std::string_view prefix_of(TarFormat format, ByteView block) {
    switch (format) {
    case TarFormat::v7:
        return {};
    case TarFormat::ustar:
        return until_nul(kPrefix.of(block));
    case TarFormat::star:
        return until_nul(kStarPrefix.of(block));
    case TarFormat::gnu:
        break;
    }
    // GNU headers have times here. Go before 1.8 wrote a prefix all the same, and every Go since
    // reads it if the times are not numbers.
    const auto is_time = [&](const Field& field) {
        return block[field.at] == '\0' || parse_tar_number(field.of(block)).has_value();
    };
    const auto prefix = until_nul(kPrefix.of(block));
    const bool is_prefix =
        (!is_time(kGnuAccessTime) || !is_time(kGnuChangeTime)) && is_ascii(prefix);
    return is_prefix ? prefix : std::string_view();
}

} // namespace

std::optional<std::int64_t> parse_tar_number(ByteView field) {
    const bool binary = !field.empty() && (static_cast<unsigned char>(field[0]) & 0x80U) != 0;
    return binary ? parse_base256(field) : parse_octal(field);
}

bool is_zero_block(ByteView block) {
    static constexpr std::array<char, kTarBlock> zeros{};
    return block[0] == '\0' && std::memcmp(block.data(), zeros.data(), kTarBlock) == 0;
}

Result<TarHeader> parse_tar_header(ByteView block) {
    if (!checksum_holds(block)) {
        return Error{ErrorCode::malformed, "expected a tar header and found a wrong checksum"};
    }
    TarHeader header;
    header.format = format_of(block);
    header.type = block[kType];
    header.name = until_nul(kName.of(block));
    header.link = until_nul(kLink.of(block));
    header.prefix = prefix_of(header.format, block);
    const auto is_number = [&](const Field& field) {
        return parse_tar_number(field.of(block)).has_value();
    };
    const auto size = parse_tar_number(kSize.of(block));
    const bool numbers =
        std::ranges::all_of(kAlwaysNumbers, is_number) &&
        (header.format == TarFormat::v7 || std::ranges::all_of(kDeviceNumbers, is_number));
    if (!numbers || !size || *size < 0) {
        return Error{ErrorCode::malformed,
                     "expected numbers in the fields of a tar header and found something else"};
    }
    header.size = static_cast<std::uint64_t>(*size);
    return header;
}

bool append_sparse_runs(ByteView fields, std::size_t count, std::vector<SparseRun>& runs) {
    constexpr std::size_t number = 12;
    for (std::size_t i = 0; i < count; ++i) {
        const auto entry = fields.substr(i * 2 * number, 2 * number);
        if (entry[0] == '\0') {
            return true;
        }
        const auto offset = parse_tar_number(entry.substr(0, number));
        const auto length = parse_tar_number(entry.substr(number));
        if (!offset || !length || *offset < 0 || *length < 0) {
            return false;
        }
        runs.push_back({static_cast<std::uint64_t>(*offset), static_cast<std::uint64_t>(*length)});
    }
    return true;
}

} // namespace bulla::archive
