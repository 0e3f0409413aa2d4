// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "oci/archive/archive_file.hpp"
#include "oci/archive/docker_manifest.hpp"

#include <map>
#include <string>

namespace bulla::oci {

/// An image of a `docker save` archive with the manifest that the archive does not have.
struct MadeImage {
    /// A member of the archive, or bytes that no member has.
    struct Content {
        std::string member{}; ///< empty: the bytes
        Bytes bytes{};
    };

    StoredManifest manifest;
    std::map<Digest, Content> blobs{};
};

/// Makes the manifest of an image that has a config (docker_archive.hpp says how).
Result<MadeImage> make_image(const ArchiveFile& archive, const DockerImage& image);

/// Makes manifest and config of an image from before Docker 1.10, given the id of its topmost
/// layer. Every layer is read once for its diff_id.
Result<MadeImage> make_image_of_layers(const ArchiveFile& archive, const std::string& id);

/// The digest of a config, after its name was compared with it: "<hex>.json", "sha256:<hex>" and
/// "blobs/sha256/<hex>" say what it must be (integrity).
Result<Digest> digest_of_config(const std::string& name, ByteView bytes);

} // namespace bulla::oci
