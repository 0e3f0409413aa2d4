// SPDX-License-Identifier: Apache-2.0
#include "base/json/writer.hpp"

#include "base/core/text.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <charconv>

namespace bulla::json {

namespace {

/// ASCII that stands for itself under every Escaping.
bool is_plain(char c) {
    static constexpr auto kPlain = [] {
        std::array<bool, 256> plain{};
        for (std::size_t byte = 0x20; byte < 0x80; ++byte) {
            plain.at(byte) =
                std::string_view("\"\\<>&").find(static_cast<char>(byte)) == std::string_view::npos;
        }
        return plain;
    }();
    return kPlain[static_cast<unsigned char>(c)];
}

/// Appends text with what JSON wants escaped, and repairs what is not UTF-8.
void append_escaped(std::string& out, std::string_view value, Escaping escaping) {
    static constexpr std::string_view kHex = "0123456789abcdef";
    std::string repaired;
    if (!text::is_utf8(value)) {
        repaired = text::to_utf8(value);
        value = repaired;
    }
    const auto escape_unicode = [&](unsigned code) {
        out += "\\u";
        for (int shift = 12; shift >= 0; shift -= 4) {
            out += kHex[code >> static_cast<unsigned>(shift) & 0xFU];
        }
    };
    for (std::size_t i = 0; i < value.size(); ++i) {
        const char c = value[i];
        switch (c) {
        case '"':
            out += "\\\"";
            continue;
        case '\\':
            out += "\\\\";
            continue;
        case '\b':
            out += "\\b";
            continue;
        case '\f':
            out += "\\f";
            continue;
        case '\n':
            out += "\\n";
            continue;
        case '\r':
            out += "\\r";
            continue;
        case '\t':
            out += "\\t";
            continue;
        default:
            break;
        }
        if (static_cast<unsigned char>(c) < 0x20) {
            escape_unicode(static_cast<unsigned char>(c));
        } else if (escaping == Escaping::go_html && (c == '<' || c == '>' || c == '&')) {
            escape_unicode(static_cast<unsigned char>(c));
        } else if (escaping == Escaping::go_html &&
                   (value.substr(i, 3) == "\xE2\x80\xA8" || value.substr(i, 3) == "\xE2\x80\xA9")) {
            escape_unicode(value[i + 2] == '\xA8' ? 0x2028 : 0x2029);
            i += 2;
        } else {
            out += c;
        }
    }
}

} // namespace

void Writer::separate() {
    if (after_key_) {
        after_key_ = false;
        return;
    }
    if (levels_.empty()) {
        return;
    }
    if (!levels_.back().empty) {
        out_ += ',';
    }
    levels_.back().empty = false;
    if (layout_ == Layout::indented) {
        out_ += '\n';
        out_.append(levels_.size() * 2, ' ');
    }
}

void Writer::close(char bracket) {
    assert(!levels_.empty() && !after_key_);
    const bool empty = levels_.back().empty;
    levels_.pop_back();
    if (layout_ == Layout::indented && !empty) {
        out_ += '\n';
        out_.append(levels_.size() * 2, ' ');
    }
    out_ += bracket;
}

Writer& Writer::begin_object() {
    separate();
    out_ += '{';
    levels_.push_back({true});
    return *this;
}

Writer& Writer::end_object() {
    assert(levels_.back().is_object);
    close('}');
    return *this;
}

Writer& Writer::begin_array() {
    separate();
    out_ += '[';
    levels_.push_back({false});
    return *this;
}

Writer& Writer::end_array() {
    assert(!levels_.back().is_object);
    close(']');
    return *this;
}

Writer& Writer::key(std::string_view name) {
    assert(!levels_.empty() && levels_.back().is_object && !after_key_);
    separate();
    append_string(name);
    out_ += layout_ == Layout::indented ? ": " : ":";
    after_key_ = true;
    return *this;
}

Writer& Writer::string(std::string_view value) {
    separate();
    append_string(value);
    return *this;
}

Writer& Writer::integer(std::int64_t value) {
    separate();
    std::array<char, 24> buffer{};
    const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr;
    out_.append(buffer.data(), end);
    return *this;
}

Writer& Writer::boolean(bool value) {
    separate();
    out_ += value ? "true" : "false";
    return *this;
}

Writer& Writer::null() {
    separate();
    out_ += "null";
    return *this;
}

Writer& Writer::raw(ByteView json) {
    separate();
    out_ += json;
    return *this;
}

std::string Writer::finish() {
    assert(levels_.empty() && !after_key_);
    return std::move(out_);
}

void Writer::append_string(std::string_view value) {
    out_ += '"';
    // Nearly all text has nothing to check or to escape, and is copied in one go.
    const auto plain = std::ranges::find_if_not(value, is_plain) - value.begin();
    out_ += value.substr(0, static_cast<std::size_t>(plain));
    value.remove_prefix(static_cast<std::size_t>(plain));
    if (!value.empty()) {
        append_escaped(out_, value, escaping_);
    }
    out_ += '"';
}

} // namespace bulla::json
