// SPDX-License-Identifier: Apache-2.0
#include "sign/bundle/proto_json.hpp"

#include "base/core/text.hpp"

#include <algorithm>
#include <limits>

namespace bulla::sign {

namespace {

/// The snake_case spelling of a camelCase name: "rfc3161Timestamps" -> "rfc3161_timestamps".
std::string snake_case(std::string_view camel) {
    std::string out;
    for (const char c : camel) {
        if (c >= 'A' && c <= 'Z') {
            out += '_';
        }
        out += text::to_lower(c);
    }
    return out;
}

} // namespace

Result<ProtoMessage> ProtoMessage::read(json::Value value,
                                        std::initializer_list<std::string_view> fields,
                                        std::string_view what) {
    ProtoMessage message;
    message.what_ = what;
    if (!value || value.is_null()) {
        return message;
    }
    if (!value.is_object()) {
        return Error{ErrorCode::malformed,
                     "expected an object as the " + std::string(what) + " of the bundle"};
    }
    for (const auto& [name, member] : value.members()) {
        const auto known = std::ranges::find_if(fields, [&name = name](std::string_view field) {
            return field == name || snake_case(field) == name;
        });
        if (known == fields.end()) {
            return Error{ErrorCode::malformed,
                         "the " + std::string(what) + " of the bundle has an unknown member \"" +
                             text::printable(name) + "\""};
        }
        const auto same = [&](const auto& other) { return other.first == *known; };
        if (std::ranges::any_of(message.members_, same)) {
            return Error{ErrorCode::malformed,
                         "the " + std::string(what) + " of the bundle has the member \"" +
                             std::string(*known) + "\" in two spellings"};
        }
        message.members_.emplace_back(*known, member);
    }
    return message;
}

json::Value ProtoMessage::operator[](std::string_view field) const {
    for (const auto& [name, value] : members_) {
        if (name == field && !value.is_null()) {
            return value;
        }
    }
    return {};
}

bool ProtoMessage::has(std::string_view field) const {
    return static_cast<bool>((*this)[field]);
}

Error ProtoMessage::wrong(std::string_view field, std::string_view expected) const {
    return Error{ErrorCode::malformed,
                 "expected " + std::string(expected) + " as \"" + std::string(field) +
                     "\" in the " + std::string(what_) + " of the bundle"};
}

Result<std::string> ProtoMessage::text(std::string_view field) const {
    const json::Value value = (*this)[field];
    if (value && !value.is_string()) {
        return wrong(field, "a string");
    }
    return value.string_or("");
}

Result<Bytes> ProtoMessage::bytes(std::string_view field) const {
    const json::Value value = (*this)[field];
    if (!value) {
        return Bytes();
    }
    return proto_bytes(value, field);
}

Result<std::int64_t> ProtoMessage::number(std::string_view field) const {
    const json::Value value = (*this)[field];
    if (!value) {
        return std::int64_t{0};
    }
    auto number = value.integer();
    if (const auto digits = value.string()) {
        const auto parsed = text::parse_unsigned(*digits);
        if (parsed && *parsed <= std::numeric_limits<std::int64_t>::max()) {
            number = static_cast<std::int64_t>(*parsed);
        }
    }
    if (!number || *number < 0) {
        return wrong(field, "a number that is not negative");
    }
    return *number;
}

Result<std::vector<json::Value>> ProtoMessage::list(std::string_view field,
                                                    std::size_t limit) const {
    const json::Value value = (*this)[field];
    if (!value) {
        return std::vector<json::Value>();
    }
    if (!value.is_array()) {
        return wrong(field, "a list");
    }
    if (value.size() > limit) {
        return Error{ErrorCode::limit_exceeded,
                     "the bundle has more than " + std::to_string(limit) + " elements in \"" +
                         std::string(field) + "\""};
    }
    return value.elements();
}

Result<Bytes> proto_bytes(json::Value value, std::string_view what) {
    const auto encoded = value.string();
    auto bytes = encoded ? text::from_base64(*encoded, text::Base64::any_variant) : std::nullopt;
    if (!bytes) {
        return Error{ErrorCode::malformed,
                     "expected base64 text as \"" + std::string(what) + "\" in the bundle"};
    }
    return std::move(*bytes);
}

} // namespace bulla::sign
