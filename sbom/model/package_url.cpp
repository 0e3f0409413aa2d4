// SPDX-License-Identifier: Apache-2.0
#include "sbom/model/package_url.hpp"

#include "base/core/limits.hpp"
#include "base/core/text.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace bulla::sbom {
namespace {

Error malformed(std::string_view found, std::string_view why) {
    return Error{ErrorCode::malformed,
                 "expected a package URL, found \"" + text::printable(found.substr(0, 200)) +
                     "\": " + std::string(why)};
}

bool is_type_char(char c) {
    return text::is_alnum(c) || c == '.' || c == '-';
}

bool is_valid_type(std::string_view type) {
    return !type.empty() && text::is_alpha(type.front()) &&
           std::all_of(type.begin(), type.end(), is_type_char);
}

bool is_valid_key(std::string_view key) {
    return !key.empty() && text::is_alpha(key.front()) &&
           std::all_of(key.begin(), key.end(), [](char c) { return is_type_char(c) || c == '_'; });
}

/// "+" stands for itself: a package URL's query is not a web form's.
std::optional<std::string> decode_percent(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            out += text[i];
            continue;
        }
        const auto byte = text::from_hex(text.substr(i + 1, 2));
        if (i + 2 >= text.size() || !byte) {
            return std::nullopt;
        }
        out += *byte;
        i += 2;
    }
    return out;
}

void append_encoded(std::string& out, std::string_view text) {
    static constexpr std::string_view kHex = "0123456789ABCDEF";
    for (const char c : text) {
        if (text::is_alnum(c) || c == '.' || c == '-' || c == '_' || c == '~' || c == ':') {
            out += c;
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        out += '%';
        out += kHex[byte >> 4U];
        out += kHex[byte & 0xFU];
    }
}

enum class Dots : std::uint8_t { kept, dropped };

/// Decodes segments between slashes and joins them again; empty ones vanish. In a subpath "." and
/// ".." vanish too. Nothing if an escape is broken or a decoded segment contains a slash.
std::optional<std::string> decode_segments(std::string_view text, Dots dots) {
    std::string out;
    while (!text.empty()) {
        const auto segment = decode_percent(text::take_until(text, '/'));
        if (!segment || segment->find('/') != std::string::npos) {
            return std::nullopt;
        }
        const bool is_dots = *segment == "." || *segment == "..";
        if (segment->empty() || (dots == Dots::dropped && is_dots)) {
            continue;
        }
        if (!out.empty()) {
            out += '/';
        }
        out += *segment;
    }
    return out;
}

void append_segments(std::string& out, std::string_view text) {
    for (bool first = true; !text.empty(); first = false) {
        if (!first) {
            out += '/';
        }
        append_encoded(out, text::take_until(text, '/'));
    }
}

enum class Namespace : std::uint8_t { optional, required, prohibited };

/// What the registered definition of a type says about its names, for the types this project makes.
struct TypeRule {
    std::string_view type;
    Namespace name_space;
    bool lower_namespace;
    bool lower_name;
};

constexpr std::array kTypeRules{
    TypeRule{"apk", Namespace::required, true, true},
    TypeRule{"deb", Namespace::required, true, true},
    TypeRule{"maven", Namespace::required, false, false},
    TypeRule{"oci", Namespace::prohibited, false, true},
    TypeRule{"pypi", Namespace::prohibited, false, true},
    TypeRule{"bitbucket", Namespace::optional, true, true},
    TypeRule{"composer", Namespace::optional, true, true},
    TypeRule{"github", Namespace::optional, true, true},
    TypeRule{"golang", Namespace::optional, true, true},
    TypeRule{"rpm", Namespace::optional, true, false},
};

Status apply_type_rule(PackageUrl::Parts& parts) {
    const auto* rule = std::find_if(kTypeRules.begin(), kTypeRules.end(), [&](const TypeRule& r) {
        return r.type == parts.type;
    });
    if (rule == kTypeRules.end()) {
        return ok();
    }
    if (rule->name_space == Namespace::required && parts.name_space.empty()) {
        return malformed(parts.name, "type " + parts.type + " requires a namespace");
    }
    if (rule->name_space == Namespace::prohibited && !parts.name_space.empty()) {
        return malformed(parts.name_space, "type " + parts.type + " has no namespace");
    }
    if (rule->lower_namespace) {
        parts.name_space = text::to_lower(parts.name_space);
    }
    if (rule->lower_name) {
        parts.name = text::to_lower(parts.name);
    }
    if (parts.type == "pypi") {
        parts.name = normalise_python_name(parts.name);
    }
    return ok();
}

std::string_view strip_slashes(std::string_view text) {
    while (text.starts_with('/')) {
        text.remove_prefix(1);
    }
    while (text.ends_with('/')) {
        text.remove_suffix(1);
    }
    return text;
}

/// Cuts `rest` at the last separator and returns what stood behind it.
std::string_view take_after_last(std::string_view& rest, char separator) {
    const std::size_t at = rest.rfind(separator);
    if (at == std::string_view::npos) {
        return {};
    }
    const std::string_view tail = rest.substr(at + 1);
    rest = rest.substr(0, at);
    return tail;
}

Status parse_qualifiers(std::string_view text, PackageUrl::Qualifiers& out) {
    while (!text.empty()) {
        std::string_view value = text::take_until(text, '&');
        if (value.empty()) {
            continue;
        }
        const std::string_view key = text::take_until(value, '=');
        auto decoded = decode_percent(value);
        if (!decoded) {
            return malformed(value, "a qualifier has a broken percent escape");
        }
        out.emplace_back(text::to_lower(key), std::move(*decoded));
    }
    return ok();
}

Status normalise_qualifiers(PackageUrl::Qualifiers& qualifiers) {
    for (auto& [key, value] : qualifiers) {
        if (!is_valid_key(key)) {
            return malformed(key, "a qualifier key may hold letters, digits, \".\", \"-\", \"_\"");
        }
        key = text::to_lower(key);
    }
    std::erase_if(qualifiers, [](const auto& pair) { return pair.second.empty(); });
    std::sort(qualifiers.begin(), qualifiers.end());
    const auto same_key = [](const auto& a, const auto& b) { return a.first == b.first; };
    const auto twice = std::adjacent_find(qualifiers.begin(), qualifiers.end(), same_key);
    if (twice != qualifiers.end()) {
        return malformed(twice->first, "a qualifier key stands twice");
    }
    return ok();
}

} // namespace

std::string normalise_python_name(std::string_view name) {
    std::string out;
    out.reserve(name.size());
    for (const char c : name) {
        const bool separator = c == '-' || c == '_' || c == '.';
        if (!separator) {
            out += text::to_lower(c);
        } else if (out.empty() || out.back() != '-') {
            out += '-';
        }
    }
    return out;
}

Result<PackageUrl> PackageUrl::parse(std::string_view text) {
    if (text.size() > limits::kPackageUrlBytes) {
        return Error{ErrorCode::limit_exceeded,
                     "expected a package URL of at most " +
                         std::to_string(limits::kPackageUrlBytes) + " bytes, found " +
                         std::to_string(text.size())};
    }
    Parts parts;
    std::string_view rest = text;
    const auto subpath = decode_segments(take_after_last(rest, '#'), Dots::dropped);
    if (!subpath) {
        return malformed(text, "the subpath has a broken escape or an escaped slash");
    }
    parts.subpath = *subpath;
    BULLA_TRY(parse_qualifiers(take_after_last(rest, '?'), parts.qualifiers));
    const std::size_t colon = rest.find(':');
    if (colon == std::string_view::npos || text::to_lower(rest.substr(0, colon)) != "pkg") {
        return malformed(text, "it does not begin with \"pkg:\"");
    }
    rest = strip_slashes(rest.substr(colon + 1));
    const std::size_t slash = rest.find('/');
    if (slash == std::string_view::npos) {
        return malformed(text, "there is no name after the type");
    }
    parts.type = rest.substr(0, slash);
    rest = rest.substr(slash + 1);
    // An unescaped "@" before the last slash belongs to an npm scope, not to a version.
    const std::size_t at = rest.rfind('@');
    if (at != std::string_view::npos && at != 0 && rest[at - 1] != '/') {
        const auto version = decode_percent(rest.substr(at + 1));
        if (!version) {
            return malformed(text, "the version has a broken percent escape");
        }
        parts.version = *version;
        rest = rest.substr(0, at);
    } else if (at != std::string_view::npos && rest.find('/', at) == std::string_view::npos) {
        return malformed(text, "the name is empty");
    }
    rest = strip_slashes(rest);
    const std::size_t last = rest.rfind('/');
    const std::string_view name = last == std::string_view::npos ? rest : rest.substr(last + 1);
    const auto decoded_name = decode_percent(name);
    const auto name_space = decode_segments(
        last == std::string_view::npos ? std::string_view() : rest.substr(0, last), Dots::kept);
    if (!decoded_name || !name_space) {
        return malformed(text, "name or namespace has a broken escape or an escaped slash");
    }
    parts.name = *decoded_name;
    parts.name_space = *name_space;
    return make(std::move(parts));
}

Result<PackageUrl> PackageUrl::make(Parts parts) {
    if (!is_valid_type(parts.type)) {
        return malformed(parts.type, "a type holds letters, digits, \".\" and \"-\"");
    }
    parts.type = text::to_lower(parts.type);
    parts.name = strip_slashes(parts.name);
    parts.name_space = strip_slashes(parts.name_space);
    if (parts.name.empty()) {
        return malformed(parts.name, "the name is empty");
    }
    BULLA_TRY(normalise_qualifiers(parts.qualifiers));
    BULLA_TRY(apply_type_rule(parts));
    return PackageUrl(std::move(parts));
}

std::string PackageUrl::to_string() const {
    std::string out = "pkg:" + parts_.type + "/";
    if (!parts_.name_space.empty()) {
        append_segments(out, parts_.name_space);
        out += '/';
    }
    append_encoded(out, parts_.name);
    if (!parts_.version.empty()) {
        out += '@';
        append_encoded(out, parts_.version);
    }
    char separator = '?';
    for (const auto& [key, value] : parts_.qualifiers) {
        out += separator;
        out += key;
        out += '=';
        append_encoded(out, value);
        separator = '&';
    }
    if (!parts_.subpath.empty()) {
        out += '#';
        append_segments(out, parts_.subpath);
    }
    return out;
}

} // namespace bulla::sbom
