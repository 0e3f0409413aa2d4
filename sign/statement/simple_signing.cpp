// SPDX-License-Identifier: Apache-2.0
#include "sign/statement/simple_signing.hpp"

#include "base/core/limits.hpp"
#include "base/core/text.hpp"
#include "base/json/json.hpp"
#include "base/json/writer.hpp"

namespace bulla::sign {

namespace {

constexpr std::string_view kType = "cosign container image signature";

Error malformed(std::string text) {
    return Error{ErrorCode::malformed, "the simple signing payload " + std::move(text)};
}

} // namespace

Bytes encode_simple_signing(const SimpleSigning& payload) {
    json::Writer writer(json::Layout::compact, json::Escaping::go_html);
    writer.begin_object().key("critical").begin_object();
    writer.key("identity").begin_object();
    writer.member("docker-reference", payload.docker_reference).end_object();
    writer.key("image").begin_object();
    writer.member("docker-manifest-digest", payload.image.to_string()).end_object();
    writer.member("type", kType).end_object();
    writer.key("optional");
    if (payload.annotations.empty()) {
        writer.null();
    } else {
        writer.begin_object();
        for (const auto& [name, value] : payload.annotations) {
            writer.member(name, value);
        }
        writer.end_object();
    }
    writer.end_object();
    return writer.finish();
}

Result<SimpleSigning> decode_simple_signing(ByteView json) {
    BULLA_TRY_ASSIGN(
        const json::Document document,
        json::Document::parse(
            json, {.max_bytes = limits::kManifestBytes, .what = "simple signing payload"}));
    const json::Value critical = document.root()["critical"];
    if (critical["type"].string() != kType) {
        return malformed("has the type \"" + text::printable(critical["type"].string_or("")) +
                         "\" where \"" + std::string(kType) + "\" is expected");
    }
    const auto digest_text = critical["image"]["docker-manifest-digest"].string();
    if (!digest_text) {
        return malformed("names no docker-manifest-digest");
    }
    BULLA_TRY_ASSIGN(Digest digest, Digest::parse(*digest_text));
    SimpleSigning payload{
        critical["identity"]["docker-reference"].string_or(""), std::move(digest), {}};
    const json::Value optional = document.root()["optional"];
    if (optional && !optional.is_null() && !optional.is_object()) {
        return malformed("has an \"optional\" that is neither an object nor null");
    }
    for (const auto& [name, value] : optional.members()) {
        if (value.is_string()) {
            payload.annotations.emplace(name, value.string_or(""));
        }
    }
    return payload;
}

} // namespace bulla::sign
