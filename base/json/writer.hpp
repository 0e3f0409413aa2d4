// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/core/bytes.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace bulla::json {

enum class Layout : std::uint8_t {
    compact,  ///< no white space at all
    indented, ///< two blanks per level, "key": value, one element per line
};

enum class Escaping : std::uint8_t {
    minimal, ///< quote, backslash and control characters (RFC 8259 section 7), "/" and non-ASCII as
             ///< they are
    go_html, ///< as Go's encoding/json: also < > & U+2028 U+2029, which cosign's legacy payloads
             ///< are signed with
};

/// Writes one JSON document from front to back, members in the order of the calls: the same calls
/// give the same bytes. Text that is not UTF-8 is written as text::to_utf8 has it. Commas, colons
/// and nesting are kept right by the writer; calling out of order (a value where a key belongs) is
/// a defect and asserts.
class Writer {
  public:
    explicit Writer(Layout layout = Layout::compact, Escaping escaping = Escaping::minimal)
        : layout_(layout), escaping_(escaping) {}

    Writer& begin_object();
    Writer& end_object();
    Writer& begin_array();
    Writer& end_array();
    Writer& key(std::string_view name);

    Writer& string(std::string_view value);
    Writer& integer(std::int64_t value);
    Writer& boolean(bool value);
    Writer& null();

    /// Inserts text that is already one valid JSON value, unchanged.
    Writer& raw(ByteView json);

    /// key(name).string(value), the commonest pair.
    Writer& member(std::string_view name, std::string_view value) {
        return key(name).string(value);
    }

    /// As `member`, and nothing at all if the value is empty.
    Writer& optional_member(std::string_view name, std::string_view value) {
        return value.empty() ? *this : member(name, value);
    }

    /// The document; the writer is spent afterwards. Without a final newline.
    std::string finish();

  private:
    void separate();
    void close(char bracket);
    void append_string(std::string_view value);

    struct Level {
        bool is_object = false;
        bool empty = true;
    };

    Layout layout_;
    Escaping escaping_;
    std::string out_;
    std::vector<Level> levels_;
    bool after_key_ = false;
};

} // namespace bulla::json
