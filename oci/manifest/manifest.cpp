// SPDX-License-Identifier: Apache-2.0
#include "oci/manifest/manifest.hpp"

#include "base/core/text.hpp"
#include "base/json/writer.hpp"
#include "oci/manifest/document.hpp"

namespace bulla::oci {

namespace {

Error schema1() {
    return Error{ErrorCode::unsupported,
                 "the image is stored as Docker schema 1, which registries have removed"}
        .with_hint("pull and push it with a current client, which stores it in today's format");
}

bool is_schema1(std::string_view type) {
    return type == media_type::kDockerSchema1 || type == media_type::kDockerSchema1Signed;
}

/// The type a document has, from the one announced and the one inside, which must not contradict
/// each other (image-spec manifest.md, "mediaType").
Result<std::string>
agreed_type(json::Value root, std::string_view announced, std::string_view what) {
    std::string type = media_type::strip_parameters(announced);
    BULLA_TRY_ASSIGN(const std::string inside,
                     parse_optional_string(root["mediaType"], "mediaType", what));
    if (is_schema1(type) || is_schema1(inside) || root["fsLayers"]) {
        return schema1();
    }
    if (type.empty()) {
        type = inside;
    }
    if (!inside.empty() && inside != type) {
        return malformed(what,
                         "was announced as \"" + text::printable(type) + "\" and calls itself \"" +
                             text::printable(inside) + "\"");
    }
    return type;
}

Status check_version(json::Value root, std::string_view what) {
    const auto version = root["schemaVersion"].integer();
    if (version == 1) {
        return schema1();
    }
    if (version != 2) {
        return malformed(what, "has no schemaVersion 2");
    }
    return ok();
}

Result<std::vector<Descriptor>>
parse_list(json::Value value, std::size_t limit, std::string_view what) {
    if (value.size() > limit) {
        return Error{ErrorCode::limit_exceeded,
                     std::string(what) + " has " + std::to_string(value.size()) +
                         " entries, and the limit is " + std::to_string(limit)};
    }
    std::vector<Descriptor> out;
    out.reserve(value.size());
    for (const json::Value element : value.elements()) {
        const std::string name = std::string(what) + " entry " + std::to_string(out.size() + 1);
        BULLA_TRY_ASSIGN(Descriptor entry, Descriptor::parse(element, name));
        out.push_back(std::move(entry));
    }
    return out;
}

Result<std::optional<Descriptor>> parse_subject(json::Value value, std::string_view what) {
    if (!value || value.is_null()) {
        return std::optional<Descriptor>();
    }
    BULLA_TRY_ASSIGN(Descriptor subject, Descriptor::parse(value, what));
    return std::optional<Descriptor>(std::move(subject));
}

void write_common_end(json::Writer& out,
                      const std::optional<Descriptor>& subject,
                      const Annotations& annotations) {
    if (subject) {
        out.key("subject");
        subject->write(out);
    }
    if (!annotations.empty()) {
        out.key("annotations");
        write_annotations(out, annotations);
    }
    out.end_object();
}

void write_list(json::Writer& out, std::string_view name, const std::vector<Descriptor>& list) {
    out.key(name).begin_array();
    for (const Descriptor& entry : list) {
        entry.write(out);
    }
    out.end_array();
}

json::Writer begin_document(std::string_view type, std::string_view artifact_type) {
    json::Writer out;
    out.begin_object();
    out.key("schemaVersion").integer(2);
    out.optional_member("mediaType", type);
    out.optional_member("artifactType", artifact_type);
    return out;
}

} // namespace

Result<Manifest> parse_manifest(ByteView bytes, std::string_view media_type) {
    constexpr std::string_view what = "the image manifest";
    json::ParseOptions options;
    options.max_bytes = limits::kManifestBytes;
    options.what = what;
    BULLA_TRY_ASSIGN(const json::Document document, json::Document::parse(bytes, options));
    const json::Value root = document.root();
    Manifest out{.media_type = {}, .config = describe({}, {})};
    BULLA_TRY_ASSIGN(out.media_type, agreed_type(root, media_type, what));
    BULLA_TRY(check_version(root, what));
    if (root["manifests"]) {
        return malformed(what, "has the list \"manifests\" of an index");
    }
    if (!root["layers"].is_array()) {
        return malformed(what, "has no list \"layers\"");
    }
    BULLA_TRY_ASSIGN(out.artifact_type,
                     parse_optional_string(root["artifactType"], "artifactType", what));
    BULLA_TRY_ASSIGN(out.config, Descriptor::parse(root["config"], "the manifest's config"));
    BULLA_TRY_ASSIGN(out.layers,
                     parse_list(root["layers"], limits::kLayers, "the manifest's layer list"));
    BULLA_TRY_ASSIGN(out.subject, parse_subject(root["subject"], "the manifest's subject"));
    BULLA_TRY_ASSIGN(out.annotations, parse_annotations(root["annotations"], what));
    return out;
}

Result<Index> parse_index(ByteView bytes, std::string_view media_type) {
    constexpr std::string_view what = "the image index";
    json::ParseOptions options;
    options.max_bytes = limits::kManifestBytes;
    options.what = what;
    BULLA_TRY_ASSIGN(const json::Document document, json::Document::parse(bytes, options));
    const json::Value root = document.root();
    Index out;
    BULLA_TRY_ASSIGN(out.media_type, agreed_type(root, media_type, what));
    BULLA_TRY(check_version(root, what));
    if (root["layers"] || root["config"]) {
        return malformed(what, "has the \"config\" or \"layers\" of a manifest");
    }
    if (!root["manifests"].is_array() && !root["manifests"].is_null()) {
        return malformed(what, "has no list \"manifests\"");
    }
    BULLA_TRY_ASSIGN(out.artifact_type,
                     parse_optional_string(root["artifactType"], "artifactType", what));
    BULLA_TRY_ASSIGN(
        out.manifests,
        parse_list(root["manifests"], limits::kIndexEntries, "the image index's list"));
    BULLA_TRY_ASSIGN(out.subject, parse_subject(root["subject"], "the index's subject"));
    BULLA_TRY_ASSIGN(out.annotations, parse_annotations(root["annotations"], what));
    return out;
}

Bytes encode(const Manifest& manifest) {
    json::Writer out = begin_document(manifest.media_type, manifest.artifact_type);
    out.key("config");
    manifest.config.write(out);
    write_list(out, "layers", manifest.layers);
    write_common_end(out, manifest.subject, manifest.annotations);
    return out.finish();
}

Bytes encode(const Index& index) {
    json::Writer out = begin_document(index.media_type, index.artifact_type);
    write_list(out, "manifests", index.manifests);
    write_common_end(out, index.subject, index.annotations);
    return out.finish();
}

} // namespace bulla::oci
