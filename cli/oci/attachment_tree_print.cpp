// SPDX-License-Identifier: Apache-2.0
#include "base/core/text.hpp"
#include "cli/common/progress.hpp"
#include "cli/common/result_json.hpp"
#include "cli/oci/attachment_tree.hpp"

namespace bulla::cli::oci {

namespace {

/// What stands on a node's line before its digest: where it hangs.
std::string place_of(const Node& node) {
    switch (node.link) {
    case Link::top:
        return {};
    case Link::entry:
        return node.descriptor.platform ? node.descriptor.platform->to_string() : "entry";
    case Link::build_attestation:
        return node.about_platform.empty() ? "build attestation"
                                           : "attestation of " + node.about_platform;
    case Link::referrer:
        return "referrer";
    case Link::tag:
        return "tag " + node.tag;
    case Link::layer:
        return "layer";
    }
    return {};
}

std::string line_of(const Node& node) {
    const auto& descriptor = node.descriptor;
    std::string line = text::printable(place_of(node)) + "  " + descriptor.digest.to_string();
    const auto& type =
        descriptor.artifact_type.empty() ? descriptor.media_type : descriptor.artifact_type;
    line += "  " + text::printable(type) + "  " + format_size(descriptor.size);
    if (!node.predicate.empty()) {
        line += "  predicate " + text::printable(node.predicate);
    }
    if (!node.about.empty()) {
        line += "  about " + text::printable(node.about);
    }
    return line + (node.missing ? "  (missing)" : "");
}

void append_children(std::string& out, const Node& node, const std::string& indent) {
    for (const auto& child : node.children) {
        const bool last = &child == &node.children.back();
        out += indent + (last ? "└── " : "├── ") + line_of(child) + "\n";
        append_children(out, child, indent + (last ? "    " : "│   "));
    }
}

void write_node(json::Writer& json, const Node& node) {
    const auto& descriptor = node.descriptor;
    json.member("kind", to_string(node.link));
    json.member("digest", descriptor.digest.to_string());
    json.member("mediaType", descriptor.media_type);
    json.key("size").integer(static_cast<std::int64_t>(descriptor.size));
    json.optional_member("artifactType", descriptor.artifact_type);
    if (descriptor.platform && node.link != Link::build_attestation) { // "unknown/unknown"
        json.member("platform", descriptor.platform->to_string());
    }
    json.optional_member("tag", node.tag).optional_member("predicateType", node.predicate);
    json.optional_member("about", node.about).optional_member("aboutPlatform", node.about_platform);
    if (node.missing) {
        json.key("missing").boolean(true);
    }
    json.key("children").begin_array();
    for (const auto& child : node.children) {
        json.begin_object();
        write_node(json, child);
        json.end_object();
    }
    json.end_array();
}

} // namespace

std::string to_text(const Node& top, std::string_view name) {
    std::string out = text::printable(name) + "  " + text::printable(top.descriptor.media_type) +
                      "  " + format_size(top.descriptor.size) + "\n";
    append_children(out, top, "");
    return out;
}

std::string to_json(const Node& top, std::string_view name) {
    auto json = begin_result("tree");
    json.member("name", name);
    write_node(json, top);
    return json.end_object().finish() + "\n";
}

} // namespace bulla::cli::oci
