// SPDX-License-Identifier: Apache-2.0
#include "base/core/text.hpp"
#include "oci/manifest/document.hpp"
#include "oci/manifest/manifest.hpp"
#include "oci/manifest/normalise.hpp"

#include <algorithm>

namespace bulla::oci {

namespace {

constexpr std::string_view kWhat = "the image configuration";

Result<std::vector<Digest>> parse_diff_ids(json::Value rootfs) {
    if (!rootfs.is_object()) {
        return malformed(kWhat, "has no rootfs");
    }
    if (rootfs["type"].string() != "layers") {
        return malformed(kWhat, "has a rootfs that is not of type \"layers\"");
    }
    const json::Value list = rootfs["diff_ids"];
    if (list && !list.is_array() && !list.is_null()) {
        return malformed(kWhat, "has diff_ids that are not a list");
    }
    if (list.size() > limits::kLayers) {
        return Error{ErrorCode::limit_exceeded,
                     "the image configuration has " + std::to_string(list.size()) +
                         " diff_ids, and the limit is " + std::to_string(limits::kLayers)};
    }
    std::vector<Digest> out;
    for (const json::Value element : list.elements()) {
        const auto text = element.string();
        if (!text) {
            return malformed(kWhat, "has a diff_id that is not a string");
        }
        BULLA_TRY_ASSIGN(Digest digest, Digest::parse(*text));
        out.push_back(std::move(digest));
    }
    return out;
}

} // namespace

Result<ImageConfig> parse_image_config(ByteView bytes) {
    json::ParseOptions options;
    options.max_bytes = limits::kConfigBytes;
    options.what = kWhat;
    BULLA_TRY_ASSIGN(const json::Document document, json::Document::parse(bytes, options));
    const json::Value root = document.root();
    if (!root.is_object()) {
        return malformed(kWhat, "is not an object");
    }
    ImageConfig out;
    Platform platform;
    BULLA_TRY_ASSIGN(platform.os, parse_optional_string(root["os"], "os", kWhat));
    BULLA_TRY_ASSIGN(platform.architecture,
                     parse_optional_string(root["architecture"], "architecture", kWhat));
    BULLA_TRY_ASSIGN(platform.variant, parse_optional_string(root["variant"], "variant", kWhat));
    BULLA_TRY_ASSIGN(platform.os_version,
                     parse_optional_string(root["os.version"], "os.version", kWhat));
    out.platform = normalise(std::move(platform));
    if (const auto created = root["created"].string()) {
        out.created = parse_rfc3339(*created);
    }
    BULLA_TRY_ASSIGN(out.diff_ids, parse_diff_ids(root["rootfs"]));
    BULLA_TRY_ASSIGN(const Annotations labels, parse_annotations(root["config"]["Labels"], kWhat));
    out.labels.assign(labels.begin(), labels.end());
    return out;
}

} // namespace bulla::oci
