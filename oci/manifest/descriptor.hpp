// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/core/digest.hpp"
#include "base/core/result.hpp"
#include "base/json/json.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace bulla::json {
class Writer;
}

namespace bulla::oci {

using Annotations = std::map<std::string, std::string>;

/// Media types we write or treat specially (image-spec media-types.md, and Docker's older names for
/// the same things).
namespace media_type {
inline constexpr std::string_view kManifest = "application/vnd.oci.image.manifest.v1+json";
inline constexpr std::string_view kIndex = "application/vnd.oci.image.index.v1+json";
inline constexpr std::string_view kConfig = "application/vnd.oci.image.config.v1+json";
inline constexpr std::string_view kEmpty = "application/vnd.oci.empty.v1+json";
inline constexpr std::string_view kDockerManifest =
    "application/vnd.docker.distribution.manifest.v2+json";
inline constexpr std::string_view kDockerIndex =
    "application/vnd.docker.distribution.manifest.list.v2+json";
inline constexpr std::string_view kDockerConfig = "application/vnd.docker.container.image.v1+json";
inline constexpr std::string_view kDockerSchema1 =
    "application/vnd.docker.distribution.manifest.v1+json";
inline constexpr std::string_view kDockerSchema1Signed =
    "application/vnd.docker.distribution.manifest.v1+prettyjws";

/// The type without parameters, in lower case: "a/b; charset=utf-8" -> "a/b".
std::string strip_parameters(std::string_view type);
bool is_manifest(std::string_view type); ///< an OCI manifest or Docker schema 2
bool is_index(std::string_view type);    ///< an OCI index or Docker manifest list

/// True for "type/subtype" as RFC 6838 section 4.2 has them, without parameters: what image-spec
/// allows as the type of an artifact.
bool is_valid(std::string_view type);

enum class LayerKind : std::uint8_t {
    tar,         ///< a layer of files, whatever its compression: the bytes decide that
    foreign_tar, ///< as tar; not to be uploaded (non-distributable)
    encrypted,   ///< ocicrypt
    unknown,
};
LayerKind layer_kind(std::string_view type);
} // namespace media_type

/// An operating system and processor (image-spec image-index.md, "platform").
struct Platform {
    std::string os;
    std::string architecture;
    std::string variant;
    std::string os_version{};

    /// "linux/arm64", "linux/arm/v7". Common other spellings are normalised (x86_64, aarch64,
    /// armhf); "linux/arm64/v8" and "linux/arm64" are the same. Errors are usage.
    static Result<Platform> parse(std::string_view text);

    /// linux and the architecture of this machine: images hold Linux programs wherever we run.
    static Platform host();

    std::string to_string() const;

    friend bool operator==(const Platform&, const Platform&) = default;
};

/// Names content by type, digest and size (image-spec descriptor.md).
struct Descriptor {
    std::string media_type;
    Digest digest;
    std::uint64_t size = 0;
    Annotations annotations{};
    std::string artifact_type{};
    std::optional<Platform> platform{};
    std::optional<Bytes> data{}; ///< embedded content, decoded; not yet checked against the digest

    /// Reads a descriptor; `what` names it in messages. Negative or missing sizes, missing types
    /// and bad digests are malformed.
    static Result<Descriptor> parse(json::Value value, std::string_view what);

    /// Writes mediaType, digest, size and, when present, annotations, artifactType, platform.
    void write(json::Writer& out) const;
};

/// The descriptor of bytes at hand.
Descriptor describe(std::string media_type, ByteView bytes);

} // namespace bulla::oci
