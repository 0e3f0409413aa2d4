// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/core/clock.hpp"
#include "oci/manifest/descriptor.hpp"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace bulla::oci {

/// An image or artifact manifest (image-spec manifest.md; Docker schema 2 reads the same).
struct Manifest {
    std::string media_type;
    std::string artifact_type{}; ///< as written; see effective_artifact_type
    Descriptor config;
    std::vector<Descriptor> layers{};
    std::optional<Descriptor> subject{};
    Annotations annotations{};

    /// artifactType, or the config's media type if there is none (image-spec "Guidelines for
    /// Artifact Usage").
    const std::string& effective_artifact_type() const {
        return artifact_type.empty() ? config.media_type : artifact_type;
    }
};

/// An image index (image-spec image-index.md; a Docker manifest list reads the same).
struct Index {
    std::string media_type;
    std::string artifact_type{};
    std::vector<Descriptor> manifests{};
    std::optional<Descriptor> subject{};
    Annotations annotations{};
};

/// Reads a manifest. `media_type` is the type it was announced with; a different mediaType inside
/// is malformed, and so is a document that has `manifests` (CVE-2021-41190), more than
/// limits::kLayers layers, or Docker schema 1 (unsupported, with the way out).
Result<Manifest> parse_manifest(ByteView bytes, std::string_view media_type);

/// Reads an index; `layers` or `config` inside is malformed (CVE-2021-41190). Entries of unknown
/// media types stay.
Result<Index> parse_index(ByteView bytes, std::string_view media_type);

/// Serialises; the same value gives the same bytes. Field order: schemaVersion, mediaType,
/// artifactType, config, layers, subject, annotations.
Bytes encode(const Manifest& manifest);
Bytes encode(const Index& index);

/// What we use of an image's configuration (image-spec config.md).
struct ImageConfig {
    Platform platform;
    std::optional<Time> created{};
    std::vector<Digest> diff_ids{};
    std::vector<std::pair<std::string, std::string>> labels{}; ///< in byte order of the name
};

/// Reads a configuration. A rootfs that is not of type "layers" or a bad diff_id is malformed.
Result<ImageConfig> parse_image_config(ByteView bytes);

/// True if an index entry may be an image to run: not an attestation (platform unknown/unknown, or
/// BuildKit's vnd.docker.reference.type annotation), not an artifact, and of a manifest or index
/// type.
bool is_runnable(const Descriptor& entry);

/// Picks the entry for a platform: exact variant first, then compatible lower ones (image-spec
/// "platform"; arm v7 runs v6 and v5). If nothing was asked for explicitly and there is one
/// runnable entry, that one. not_found lists the platforms there are and the `--platform` to type.
enum class PlatformChoice : std::uint8_t { host_default, explicit_request };
Result<Descriptor>
select_platform(const Index& index, const Platform& wanted, PlatformChoice choice);

} // namespace bulla::oci
