// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/crypto/hasher.hpp"
#include "tests/support/tar_builder.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace bulla::test {

/// The tar of a layer with one file.
inline std::string layer_tar(std::string_view content) {
    return TarBuilder().file("file", content).finish();
}

/// An image configuration over layers given as plain tars.
inline std::string image_config(const std::vector<std::string>& layers) {
    std::string diff_ids;
    for (const auto& layer : layers) {
        diff_ids += (diff_ids.empty() ? "\"" : ",\"") + crypto::digest(layer).to_string() + "\"";
    }
    return R"({"architecture":"amd64","os":"linux","rootfs":{"type":"layers","diff_ids":[)" +
           diff_ids + "]}}";
}

/// One element of manifest.json.
inline std::string docker_entry(std::string_view config,
                                std::string_view tags,
                                const std::vector<std::string>& layers) {
    std::string list;
    for (const auto& layer : layers) {
        list += (list.empty() ? "\"" : ",\"") + layer + "\"";
    }
    return R"({"Config":")" + std::string(config) + R"(","RepoTags":)" + std::string(tags) +
           R"(,"Layers":[)" + list + "]}";
}

/// The name Docker gives a config: its digest.
inline std::string config_name(std::string_view config) {
    return crypto::digest(config).hex() + ".json";
}

} // namespace bulla::test
