// SPDX-License-Identifier: Apache-2.0
#include "base/core/text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>

namespace bulla::text {

namespace {

constexpr std::string_view kHexDigits = "0123456789abcdef";

int hex_value(char c) {
    if (is_digit(c)) {
        return c - '0';
    }
    if (c >= 'a' && c <= 'f') {
        return c - 'a' + 10;
    }
    if (c >= 'A' && c <= 'F') {
        return c - 'A' + 10;
    }
    return -1;
}

int base64_value(char c, Base64 variant) {
    if (c >= 'A' && c <= 'Z') {
        return c - 'A';
    }
    if (c >= 'a' && c <= 'z') {
        return c - 'a' + 26;
    }
    if (is_digit(c)) {
        return c - '0' + 52;
    }
    const bool url = variant == Base64::any_variant;
    if (c == '+' || (url && c == '-')) {
        return 62;
    }
    if (c == '/' || (url && c == '_')) {
        return 63;
    }
    return -1;
}

/// The length of the valid UTF-8 sequence at the start of `bytes`, or 0.
std::size_t utf8_length(ByteView bytes) {
    const auto at = [&](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
    const auto continuation = [&](std::size_t i) {
        return i < bytes.size() && (at(i) & 0xC0U) == 0x80U;
    };
    const unsigned lead = at(0);
    if (lead < 0x80) {
        return 1;
    }
    if (lead >= 0xC2 && lead <= 0xDF) {
        return continuation(1) ? 2 : 0;
    }
    if (lead >= 0xE0 && lead <= 0xEF) {
        if (!continuation(1) || !continuation(2)) {
            return 0;
        }
        const bool overlong = lead == 0xE0 && at(1) < 0xA0;
        const bool surrogate = lead == 0xED && at(1) > 0x9F;
        return overlong || surrogate ? 0 : 3;
    }
    if (lead >= 0xF0 && lead <= 0xF4) {
        if (!continuation(1) || !continuation(2) || !continuation(3)) {
            return 0;
        }
        const bool overlong = lead == 0xF0 && at(1) < 0x90;
        const bool too_large = lead == 0xF4 && at(1) > 0x8F;
        return overlong || too_large ? 0 : 4;
    }
    return 0;
}

void append_escaped(std::string& out, char c) {
    const auto value = static_cast<unsigned char>(c);
    out += "\\x";
    out += kHexDigits[value >> 4U];
    out += kHexDigits[value & 0x0FU];
}

/// Characters that reorder or hide the text around them when a terminal shows it.
bool is_deceptive(ByteView sequence) {
    const auto second = static_cast<unsigned char>(sequence[1]);
    if (sequence.size() == 2) {
        return sequence[0] == '\xC2' && second < 0xA0; // C1 controls
    }
    if (sequence.size() != 3 || sequence[0] != '\xE2') {
        return false;
    }
    const auto third = static_cast<unsigned char>(sequence[2]);
    const bool marks_and_overrides =
        second == 0x80 && ((third >= 0x8B && third <= 0x8F) || (third >= 0xA8 && third <= 0xAE));
    const bool isolates = second == 0x81 && third >= 0xA0 && third <= 0xAF;
    return marks_and_overrides || isolates;
}

} // namespace

std::string to_lower(std::string_view text) {
    std::string out(text);
    std::ranges::transform(out, out.begin(), [](char c) { return to_lower(c); });
    return out;
}

bool equal_ignoring_case(std::string_view a, std::string_view b) {
    return std::ranges::equal(a, b, [](char x, char y) { return to_lower(x) == to_lower(y); });
}

std::string_view trim(std::string_view text) {
    while (!text.empty() && is_space(text.front())) {
        text.remove_prefix(1);
    }
    while (!text.empty() && is_space(text.back())) {
        text.remove_suffix(1);
    }
    return text;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
    std::vector<std::string_view> parts;
    while (true) {
        const auto end = text.find(separator);
        if (end == std::string_view::npos) {
            parts.push_back(text);
            return parts;
        }
        parts.push_back(text.substr(0, end));
        text.remove_prefix(end + 1);
    }
}

std::string_view take_until(std::string_view& rest, char separator) {
    const auto end = rest.find(separator);
    const auto part = rest.substr(0, end);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    return part;
}

std::string to_hex(ByteView bytes) {
    std::string out;
    out.reserve(bytes.size() * 2);
    for (const char c : bytes) {
        const auto value = static_cast<unsigned char>(c);
        out += kHexDigits[value >> 4U];
        out += kHexDigits[value & 0x0FU];
    }
    return out;
}

std::optional<Bytes> from_hex(std::string_view hex) {
    if (hex.size() % 2 != 0) {
        return std::nullopt;
    }
    Bytes out;
    out.reserve(hex.size() / 2);
    for (std::size_t i = 0; i < hex.size(); i += 2) {
        const int high = hex_value(hex[i]);
        const int low = hex_value(hex[i + 1]);
        if (high < 0 || low < 0) {
            return std::nullopt;
        }
        out += static_cast<char>(high * 16 + low);
    }
    return out;
}

std::string to_base64(ByteView bytes) {
    static constexpr std::string_view kAlphabet =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string out;
    out.reserve((bytes.size() + 2) / 3 * 4);
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        const std::size_t count = std::min<std::size_t>(3, bytes.size() - i);
        std::uint32_t group = 0;
        for (std::size_t j = 0; j < 3; ++j) {
            group = group << 8U | (j < count ? static_cast<unsigned char>(bytes[i + j]) : 0U);
        }
        for (std::size_t j = 0; j < 4; ++j) {
            out += j <= count ? kAlphabet[group >> (18U - 6U * j) & 0x3FU] : '=';
        }
    }
    return out;
}

std::optional<Bytes> from_base64(std::string_view text, Base64 variant) {
    const std::size_t full_size = text.size();
    std::size_t padding = 0;
    while (padding < 2 && !text.empty() && text.back() == '=') {
        text.remove_suffix(1);
        ++padding;
    }
    const std::size_t tail = text.size() % 4;
    const bool padded_right = full_size % 4 == 0 && padding == (4 - tail) % 4;
    const bool unpadded = variant == Base64::any_variant && padding == 0;
    if (tail == 1 || !(padded_right || unpadded)) {
        return std::nullopt;
    }
    // Both alphabets in one text belong to neither, and would be one more spelling of its bytes.
    if (text.find_first_of("+/") != std::string_view::npos &&
        text.find_first_of("-_") != std::string_view::npos) {
        return std::nullopt;
    }
    Bytes out;
    out.reserve(text.size() / 4 * 3 + 2);
    std::uint32_t group = 0;
    unsigned bits = 0;
    for (const char c : text) {
        const int value = base64_value(c, variant);
        if (value < 0) {
            return std::nullopt;
        }
        group = (group << 6U | static_cast<std::uint32_t>(value)) & 0xFFFFFU;
        bits += 6;
        if (bits >= 8) {
            bits -= 8;
            out += static_cast<char>(group >> bits & 0xFFU);
        }
    }
    const std::uint32_t unused_bits = group & ((1U << bits) - 1U);
    if (unused_bits != 0) {
        return std::nullopt;
    }
    return out;
}

std::optional<std::uint64_t> parse_unsigned(std::string_view text) {
    std::uint64_t value = 0;
    const auto* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, value);
    if (text.empty() || error != std::errc{} || stop != end) {
        return std::nullopt;
    }
    return value;
}

bool is_utf8(ByteView bytes) {
    while (!bytes.empty()) {
        const auto length = utf8_length(bytes);
        if (length == 0) {
            return false;
        }
        bytes.remove_prefix(length);
    }
    return true;
}

std::string printable(ByteView bytes) {
    std::string out;
    out.reserve(bytes.size());
    while (!bytes.empty()) {
        const auto length = utf8_length(bytes);
        const bool control =
            length == 1 && (static_cast<unsigned char>(bytes[0]) < 0x20 || bytes[0] == 0x7F);
        if (length == 0 || control) {
            append_escaped(out, bytes[0]);
            bytes.remove_prefix(1);
            continue;
        }
        const auto sequence = bytes.substr(0, length);
        if (length > 1 && is_deceptive(sequence)) {
            for (const char c : sequence) {
                append_escaped(out, c);
            }
        } else {
            out += sequence;
        }
        bytes.remove_prefix(length);
    }
    return out;
}

std::string to_utf8(ByteView bytes) {
    std::string out;
    out.reserve(bytes.size());
    while (!bytes.empty()) {
        const auto length = utf8_length(bytes);
        if (length == 0) {
            append_escaped(out, bytes[0]);
            bytes.remove_prefix(1);
        } else {
            out += bytes.substr(0, length);
            bytes.remove_prefix(length);
        }
    }
    return out;
}

} // namespace bulla::text
