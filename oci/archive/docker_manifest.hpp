// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/core/clock.hpp"
#include "base/core/result.hpp"
#include "base/json/json.hpp"

#include <string>
#include <string_view>
#include <vector>

/// The documents of `docker save` archives. Docker has no specification of them; the forms are
/// those that its versions 1.0 to 29 write and that skopeo, podman, kaniko and crane write after
/// them.
namespace bulla::oci {

/// One image of manifest.json (since Docker 1.10). Config and layers are names of members that stay
/// inside the archive.
struct DockerImage {
    std::string config;
    std::vector<std::string> tags{}; ///< RepoTags, as written
    std::vector<std::string> layers{};

    friend bool operator==(const DockerImage&, const DockerImage&) = default;
};

/// Reads manifest.json. malformed: anything but a list of objects with a Config, and a name that is
/// absolute, empty or leads out of the archive. limit_exceeded: more than limits::kIndexEntries
/// images or limits::kLayers layers.
Result<std::vector<DockerImage>> parse_docker_manifest(ByteView bytes);

/// A name in the file `repositories` (until Docker 1.9 the only list of images): "app:1" and the id
/// of its topmost layer.
struct DockerRepository {
    std::string tag;
    std::string id;
};

/// Reads `repositories`; ids that are not 64 hexadecimal digits are malformed.
Result<std::vector<DockerRepository>> parse_docker_repositories(ByteView bytes);

/// One layer's file `json` of that time, as far as an image configuration can be made of it.
struct DockerLayer {
    std::string id;
    std::string parent{}; ///< empty for a base
    std::string created{};
    std::string os{};
    std::string architecture{};
    std::string variant{};
    std::string settings{}; ///< the member "config" as JSON; empty if there is none
};

/// Reads a layer's `json`. An id or parent that is not 64 hexadecimal digits is malformed.
Result<DockerLayer> parse_docker_layer(ByteView bytes);

/// True for 64 hexadecimal digits.
bool is_docker_id(std::string_view text);

} // namespace bulla::oci
