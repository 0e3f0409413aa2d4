// SPDX-License-Identifier: Apache-2.0
#include "oci/archive/docker_manifest.hpp"

#include "base/core/limits.hpp"
#include "base/core/text.hpp"
#include "base/walk/path.hpp"

#include <algorithm>

namespace bulla::oci {

namespace {

constexpr std::string_view kManifest = "manifest.json";
constexpr std::string_view kRepositories = "repositories";
constexpr std::string_view kLayerJson = "a layer's json";

Error malformed(std::string_view what, std::string_view why) {
    return Error{ErrorCode::malformed, std::string(what) + " " + std::string(why)};
}

Result<json::Document> parse(ByteView bytes, std::string_view what, std::uint64_t limit) {
    json::ParseOptions options;
    options.max_bytes = limit;
    options.what = what;
    return json::Document::parse(bytes, options);
}

/// The name of a member, which must stay inside the archive.
Result<std::string> member_name(json::Value value, std::string_view what) {
    const auto name = value.string();
    std::string clean;
    if (!name || name->empty()) {
        return malformed(kManifest, "has an image with a " + std::string(what) + " without a name");
    }
    if (name->starts_with('/') || name->find('\0') != std::string_view::npos ||
        !walk::normalise_path(*name, clean) || clean.empty()) {
        return malformed(kManifest,
                         "names a " + std::string(what) + " outside of the archive: \"" +
                             text::printable(*name) + "\"");
    }
    return clean;
}

bool is_list_or_nothing(json::Value value) {
    return !value || value.is_null() || value.is_array();
}

Result<DockerImage> parse_image(json::Value value) {
    DockerImage out;
    BULLA_TRY_ASSIGN(out.config, member_name(value["Config"], "Config"));
    if (!is_list_or_nothing(value["Layers"]) || !is_list_or_nothing(value["RepoTags"])) {
        return malformed(kManifest, "has Layers or RepoTags that are not a list");
    }
    if (value["Layers"].size() > limits::kLayers) {
        return Error{ErrorCode::limit_exceeded,
                     "manifest.json has an image of " + std::to_string(value["Layers"].size()) +
                         " layers, and the limit is " + std::to_string(limits::kLayers)};
    }
    for (const json::Value layer : value["Layers"].elements()) {
        BULLA_TRY_ASSIGN(std::string name, member_name(layer, "layer"));
        out.layers.push_back(std::move(name));
    }
    for (const json::Value tag : value["RepoTags"].elements()) {
        if (!tag.is_string()) {
            return malformed(kManifest, "has a name in RepoTags that is not a string");
        }
        out.tags.emplace_back(*tag.string());
    }
    return out;
}

/// A string member; absent or null is empty.
Result<std::string> text_member(json::Value layer, std::string_view name) {
    const json::Value value = layer[name];
    if (value && !value.is_null() && !value.is_string()) {
        return malformed(kLayerJson, "has a member " + std::string(name) + " that is no string");
    }
    return value.string_or("");
}

} // namespace

bool is_docker_id(std::string_view text) {
    return text.size() == 64 && std::ranges::all_of(text, [](char c) {
               return text::is_digit(c) || (c >= 'a' && c <= 'f');
           });
}

Result<std::vector<DockerImage>> parse_docker_manifest(ByteView bytes) {
    BULLA_TRY_ASSIGN(const json::Document document,
                     parse(bytes, kManifest, limits::kManifestBytes));
    const json::Value root = document.root();
    if (!root.is_array()) {
        return malformed(kManifest, "is not a list of images");
    }
    if (root.size() > limits::kIndexEntries) {
        return Error{ErrorCode::limit_exceeded,
                     "manifest.json lists " + std::to_string(root.size()) +
                         " images, and the limit is " + std::to_string(limits::kIndexEntries)};
    }
    std::vector<DockerImage> out;
    for (const json::Value element : root.elements()) {
        BULLA_TRY_ASSIGN(DockerImage image, parse_image(element));
        out.push_back(std::move(image));
    }
    return out;
}

Result<std::vector<DockerRepository>> parse_docker_repositories(ByteView bytes) {
    BULLA_TRY_ASSIGN(const json::Document document,
                     parse(bytes, kRepositories, limits::kManifestBytes));
    if (!document.root().is_object()) {
        return malformed(kRepositories, "is not an object");
    }
    std::vector<DockerRepository> out;
    for (const auto& [name, tags] : document.root().members()) {
        if (!tags.is_object()) {
            return malformed(kRepositories, "has a repository whose tags are not an object");
        }
        for (const auto& [tag, id] : tags.members()) {
            if (!is_docker_id(id.string().value_or(""))) {
                return malformed(kRepositories, "has a tag that is not the id of a layer");
            }
            if (out.size() == limits::kIndexEntries) {
                return Error{ErrorCode::limit_exceeded,
                             "repositories has more than " + std::to_string(limits::kIndexEntries) +
                                 " names"};
            }
            out.push_back({std::string(name) + ":" + std::string(tag), std::string(*id.string())});
        }
    }
    return out;
}

Result<DockerLayer> parse_docker_layer(ByteView bytes) {
    BULLA_TRY_ASSIGN(const json::Document document, parse(bytes, kLayerJson, limits::kConfigBytes));
    const json::Value root = document.root();
    if (!root.is_object()) {
        return malformed(kLayerJson, "is not an object");
    }
    DockerLayer out;
    BULLA_TRY_ASSIGN(out.id, text_member(root, "id"));
    BULLA_TRY_ASSIGN(out.parent, text_member(root, "parent"));
    BULLA_TRY_ASSIGN(out.created, text_member(root, "created"));
    BULLA_TRY_ASSIGN(out.os, text_member(root, "os"));
    BULLA_TRY_ASSIGN(out.architecture, text_member(root, "architecture"));
    BULLA_TRY_ASSIGN(out.variant, text_member(root, "variant"));
    if (!is_docker_id(out.id) || (!out.parent.empty() && !is_docker_id(out.parent))) {
        return malformed(kLayerJson, "has an id or a parent that is not 64 hexadecimal digits");
    }
    if (root["config"].is_object()) {
        out.settings = root["config"].dump();
    }
    return out;
}

} // namespace bulla::oci
