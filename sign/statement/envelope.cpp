// SPDX-License-Identifier: Apache-2.0
#include "sign/statement/envelope.hpp"

#include "base/core/limits.hpp"
#include "base/core/text.hpp"
#include "base/json/json.hpp"
#include "base/json/writer.hpp"

namespace bulla::sign {

namespace {

Error malformed(std::string text) {
    return Error{ErrorCode::malformed, "the DSSE envelope " + std::move(text)};
}

Result<Bytes> base64_member(json::Value object, std::string_view name) {
    const auto value = object[name].string();
    auto bytes = value ? text::from_base64(*value, text::Base64::any_variant) : std::nullopt;
    if (!bytes) {
        return malformed("has no base64 text under \"" + std::string(name) + "\"");
    }
    return std::move(*bytes);
}

} // namespace

Bytes pae(std::string_view payload_type, ByteView payload) {
    const std::string type_size = std::to_string(payload_type.size());
    const std::string payload_size = std::to_string(payload.size());
    Bytes out;
    out.reserve(payload_type.size() + payload.size() + 48);
    out.append("DSSEv1 ").append(type_size).append(" ").append(payload_type);
    out.append(" ").append(payload_size).append(" ").append(payload);
    return out;
}

Bytes encode_envelope(const Envelope& envelope) {
    json::Writer writer;
    writer.begin_object().member("payload", text::to_base64(envelope.payload));
    writer.member("payloadType", envelope.payload_type).key("signatures").begin_array();
    writer.begin_object().member("sig", text::to_base64(envelope.signature));
    writer.optional_member("keyid", envelope.key_id).end_object();
    writer.end_array().end_object();
    return writer.finish();
}

Result<Envelope> decode_envelope(ByteView json) {
    BULLA_TRY_ASSIGN(const json::Document document,
                     json::Document::parse(
                         json, {.max_bytes = limits::kAttachmentBytes, .what = "DSSE envelope"}));
    const json::Value root = document.root();
    const json::Value signatures = root["signatures"];
    if (!signatures.is_array() || signatures.size() != 1) {
        return malformed("has " + std::to_string(signatures.size()) +
                         " signatures where one is expected");
    }
    if (!root["payloadType"].is_string()) {
        return malformed("has no payloadType");
    }
    Envelope envelope;
    envelope.payload_type = root["payloadType"].string_or("");
    BULLA_TRY_ASSIGN(envelope.payload, base64_member(root, "payload"));
    BULLA_TRY_ASSIGN(envelope.signature, base64_member(signatures[0], "sig"));
    envelope.key_id = signatures[0]["keyid"].string_or("");
    return envelope;
}

} // namespace bulla::sign
