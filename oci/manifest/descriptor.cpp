// SPDX-License-Identifier: Apache-2.0
#include "oci/manifest/descriptor.hpp"

#include "base/core/text.hpp"
#include "base/crypto/hasher.hpp"
#include "base/json/writer.hpp"
#include "oci/manifest/document.hpp"
#include "oci/manifest/normalise.hpp"

namespace bulla::oci {

Error malformed(std::string_view what, std::string why) {
    return Error{ErrorCode::malformed, std::string(what) + " " + std::move(why)};
}

Result<Annotations> parse_annotations(json::Value value, std::string_view what) {
    Annotations out;
    if (!value || value.is_null()) {
        return out;
    }
    if (!value.is_object()) {
        return malformed(what, "has annotations that are not an object");
    }
    for (const auto& [name, content] : value.members()) {
        const auto text = content.string();
        if (!text) {
            return malformed(what,
                             "has the annotation \"" + text::printable(name) +
                                 "\" whose value is not a string");
        }
        out.emplace(name, *text);
    }
    return out;
}

void write_annotations(json::Writer& out, const Annotations& annotations) {
    out.begin_object();
    for (const auto& [name, value] : annotations) {
        out.member(name, value);
    }
    out.end_object();
}

Result<std::string>
parse_optional_string(json::Value value, std::string_view member, std::string_view what) {
    if (!value || value.is_null()) {
        return std::string();
    }
    const auto text = value.string();
    if (!text) {
        return malformed(what, "has a " + std::string(member) + " that is not a string");
    }
    return std::string(*text);
}

namespace {

Result<std::optional<Platform>> parse_platform(json::Value value, std::string_view what) {
    if (!value || value.is_null()) {
        return std::optional<Platform>();
    }
    if (!value.is_object()) {
        return malformed(what, "has a platform that is not an object");
    }
    Platform out;
    BULLA_TRY_ASSIGN(out.os, parse_optional_string(value["os"], "platform os", what));
    BULLA_TRY_ASSIGN(out.architecture,
                     parse_optional_string(value["architecture"], "platform architecture", what));
    BULLA_TRY_ASSIGN(out.variant,
                     parse_optional_string(value["variant"], "platform variant", what));
    BULLA_TRY_ASSIGN(out.os_version,
                     parse_optional_string(value["os.version"], "platform os.version", what));
    return std::optional<Platform>(normalise(std::move(out)));
}

Result<std::optional<Bytes>> parse_data(json::Value value, std::string_view what) {
    if (!value || value.is_null()) {
        return std::optional<Bytes>();
    }
    const auto text = value.string();
    auto bytes = text ? text::from_base64(*text) : std::optional<Bytes>();
    if (!bytes) {
        return malformed(what, "has embedded data that is not base64");
    }
    return bytes;
}

} // namespace

Result<Descriptor> Descriptor::parse(json::Value value, std::string_view what) {
    if (!value.is_object()) {
        return malformed(what, "is not a descriptor object");
    }
    const auto type = value["mediaType"].string();
    if (!type || type->empty()) {
        return malformed(what, "has no mediaType");
    }
    const auto digest_text = value["digest"].string();
    if (!digest_text) {
        return malformed(what, "has no digest");
    }
    auto digest = Digest::parse(*digest_text);
    if (!digest) {
        return std::move(digest.error()).with("in", std::string(what));
    }
    const auto size = value["size"].integer();
    if (!size || *size < 0) {
        return malformed(what, "has no size that is a whole number of bytes");
    }
    Descriptor out{.media_type = std::string(*type),
                   .digest = std::move(*digest),
                   .size = static_cast<std::uint64_t>(*size)};
    BULLA_TRY_ASSIGN(out.annotations, parse_annotations(value["annotations"], what));
    BULLA_TRY_ASSIGN(out.artifact_type,
                     parse_optional_string(value["artifactType"], "artifactType", what));
    BULLA_TRY_ASSIGN(out.platform, parse_platform(value["platform"], what));
    BULLA_TRY_ASSIGN(out.data, parse_data(value["data"], what));
    return out;
}

void Descriptor::write(json::Writer& out) const {
    out.begin_object();
    out.member("mediaType", media_type);
    out.member("digest", digest.to_string());
    out.key("size").integer(static_cast<std::int64_t>(size));
    if (!annotations.empty()) {
        out.key("annotations");
        write_annotations(out, annotations);
    }
    out.optional_member("artifactType", artifact_type);
    if (platform) {
        out.key("platform").begin_object();
        out.member("architecture", platform->architecture).member("os", platform->os);
        out.optional_member("os.version", platform->os_version);
        out.optional_member("variant", platform->variant);
        out.end_object();
    }
    out.end_object();
}

Descriptor describe(std::string media_type, ByteView bytes) {
    return Descriptor{
        .media_type = std::move(media_type), .digest = crypto::digest(bytes), .size = bytes.size()};
}

} // namespace bulla::oci
