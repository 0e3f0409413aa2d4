// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/core/bytes.hpp"
#include "base/core/result.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Small text functions without a locale: everything here treats bytes above 0x7F as opaque.
namespace bulla::text {

constexpr bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

constexpr bool is_lower_hex(char c) {
    return is_digit(c) || (c >= 'a' && c <= 'f');
}

constexpr bool is_alpha(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

constexpr bool is_alnum(char c) {
    return is_digit(c) || is_alpha(c);
}

constexpr bool is_blank(char c) {
    return c == ' ' || c == '\t';
}

constexpr bool is_space(char c) {
    return is_blank(c) || c == '\n' || c == '\r' || c == '\f' || c == '\v';
}

constexpr char to_lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

/// A copy with ASCII letters in lower case.
std::string to_lower(std::string_view text);

/// Equality that ignores the case of ASCII letters.
bool equal_ignoring_case(std::string_view a, std::string_view b);

/// The view without leading and trailing white space.
std::string_view trim(std::string_view text);

/// The parts between separators; "a,,b" gives three parts, an empty text one empty part.
std::vector<std::string_view> split(std::string_view text, char separator);

/// Removes the part up to the first separator from `rest` and returns it; the separator is dropped.
/// Without a separator the whole of `rest` is returned and `rest` becomes empty. The way to read
/// lines without copying.
std::string_view take_until(std::string_view& rest, char separator);

/// Lower-case hexadecimal of the bytes.
std::string to_hex(ByteView bytes);

/// Bytes of a hexadecimal text of either case; nothing if the length is odd or a character is not a
/// digit.
std::optional<Bytes> from_hex(std::string_view hex);

/// Standard base64 with padding (RFC 4648 section 4).
std::string to_base64(ByteView bytes);

enum class Base64 : std::uint8_t {
    standard,    ///< RFC 4648 section 4, padding required
    any_variant, ///< section 4 or 5 alphabet, not mixed, padding optional: what protobuf JSON
                 ///< requires readers to accept
};

/// Strict decoding: white space, foreign characters, wrong padding and non-zero trailing bits are
/// refused, so that each byte sequence has one encoding per variant (signed content must not be
/// malleable).
std::optional<Bytes> from_base64(std::string_view text, Base64 variant = Base64::standard);

/// A decimal number without sign, leading blanks or trailing text; nothing on overflow.
std::optional<std::uint64_t> parse_unsigned(std::string_view text);

/// True if the bytes are valid UTF-8 (RFC 3629: no surrogates, no overlong forms).
bool is_utf8(ByteView bytes);

/// A form that is safe to print on a terminal or in a log: control characters, bidirectional
/// overrides and invalid UTF-8 become \xNN escapes, everything else stays. Names from images and
/// registries go through this before people see them.
std::string printable(ByteView bytes);

/// Valid UTF-8 for documents: invalid bytes become the four characters \xNN, valid text stays as it
/// is.
std::string to_utf8(ByteView bytes);

} // namespace bulla::text
