// SPDX-License-Identifier: Apache-2.0
#include "base/core/text.hpp"
#include "oci/manifest/descriptor.hpp"

#include <algorithm>
#include <array>

namespace bulla::oci::media_type {

namespace {

// "tar+zstd" and "tar.zstd" are both written by builders for Docker's type.
constexpr std::array<std::string_view, 8> kLayers = {
    "application/vnd.oci.image.layer.v1.tar",
    "application/vnd.oci.image.layer.v1.tar+gzip",
    "application/vnd.oci.image.layer.v1.tar+zstd",
    "application/vnd.docker.image.rootfs.diff.tar",
    "application/vnd.docker.image.rootfs.diff.tar.gzip",
    "application/vnd.docker.image.rootfs.diff.tar.zstd",
    "application/vnd.docker.image.rootfs.diff.tar+gzip",
    "application/vnd.docker.image.rootfs.diff.tar+zstd",
};
constexpr std::array<std::string_view, 5> kForeignLayers = {
    "application/vnd.oci.image.layer.nondistributable.v1.tar",
    "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip",
    "application/vnd.oci.image.layer.nondistributable.v1.tar+zstd",
    "application/vnd.docker.image.rootfs.foreign.diff.tar",
    "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip",
};

} // namespace

bool is_valid(std::string_view type) {
    const auto is_name = [](std::string_view name) {
        return !name.empty() && name.size() <= 127 && text::is_alnum(name.front()) &&
               std::ranges::all_of(name, [](char c) {
                   return text::is_alnum(c) ||
                          std::string_view("!#$&-^_.+").find(c) != std::string_view::npos;
               });
    };
    const auto slash = type.find('/');
    return slash != std::string_view::npos && is_name(type.substr(0, slash)) &&
           is_name(type.substr(slash + 1));
}

std::string strip_parameters(std::string_view type) {
    return text::to_lower(text::trim(type.substr(0, type.find(';'))));
}

bool is_manifest(std::string_view type) {
    return type == kManifest || type == kDockerManifest;
}

bool is_index(std::string_view type) {
    return type == kIndex || type == kDockerIndex;
}

LayerKind layer_kind(std::string_view type) {
    const std::string plain = strip_parameters(type);
    if (std::ranges::find(kLayers, plain) != kLayers.end()) {
        return LayerKind::tar;
    }
    if (std::ranges::find(kForeignLayers, plain) != kForeignLayers.end()) {
        return LayerKind::foreign_tar;
    }
    return plain.ends_with("+encrypted") ? LayerKind::encrypted : LayerKind::unknown;
}

} // namespace bulla::oci::media_type
