// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/core/digest.hpp"
#include "base/core/result.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace bulla::oci {

/// The name of an image in a registry after defaults have been applied: "alpine" is registry
/// "docker.io", repository "library/alpine", tag "latest". A value; comparing two references
/// compares normalised names.
class Reference {
  public:
    /// Parses and normalises (distribution-spec "Pulling manifests", distribution/reference
    /// grammar). A tag beside a digest is kept as a label and not used for fetching. Errors are
    /// usage and say what to type instead: an upper-case repository, a bare 64-digit id, a scheme
    /// such as https://, a name over 255 bytes.
    static Result<Reference> parse(std::string_view text);

    /// A registry alone, as people log in to one: "registry.example:5000", "docker.io" and its
    /// other names, or as a URL ("https://index.docker.io/v1/"). The repository is empty. A
    /// repository behind it is a usage error, and so is a word that no reference would take for a
    /// registry.
    static Result<Reference> parse_registry(std::string_view text);

    const std::string& registry() const {
        return registry_;
    } ///< "docker.io", "127.0.0.1:5000", "[::1]:5000"

    const std::string& repository() const { return repository_; } ///< "library/alpine"

    const std::optional<std::string>& tag() const { return tag_; }

    const std::optional<Digest>& digest() const { return digest_; }

    /// True if the user gave neither tag nor digest, so that `tag()` is the default "latest".
    bool tag_is_default() const { return tag_is_default_; }

    /// "registry/repository".
    std::string name() const;

    /// What is asked of the registry: the digest if there is one, else the tag.
    std::string version() const;

    /// The normalised form: name, ":tag" if there is a tag, "@digest" if there is a digest.
    std::string to_string() const;

    /// The same repository at a digest, without a tag.
    Reference at(Digest digest) const;

    /// The same repository at a tag.
    Reference at_tag(std::string tag) const;

    friend bool operator==(const Reference&, const Reference&) = default;

  private:
    std::string registry_;
    std::string repository_;
    std::optional<std::string> tag_;
    std::optional<Digest> digest_;
    bool tag_is_default_ = false;
};

/// True for a valid tag (distribution-spec: [a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}).
bool is_valid_tag(std::string_view text);

/// True if the registry is on this machine: "localhost", "*.localhost", 127.0.0.0/8 or [::1], with
/// or without port. Plain http is used without being asked for these only.
bool is_loopback(std::string_view registry);

/// Where an image is, as a person types it.
///
///     oci:DIR[:REFNAME][@DIGEST]            an OCI image layout folder
///     oci-archive:FILE[:REFNAME][@DIGEST]   a tar archive of such a folder, may be compressed
///     docker-archive:FILE[:REF]             what `docker save` writes; REF is one of its tags or
///                                           the begin of an image id
///     -                                     an archive on standard input
///     dir:PATH                              a folder with files: no image
///     registry:REF, REF                     an image in a registry
///     docker:REF, podman:REF, …             a daemon: refused, with the `docker save` line to type
///
/// A path ("/…", "./…", "../…") to a folder that holds an `oci-layout` file is taken for a layout
/// without the prefix, and one to a file for an archive of the kind that its content says; so is a
/// bare name that ends in .tar, .tar.gz, .tgz, .tar.zst or .oci, if there is such a file. Any other
/// bare name is a registry's. Where FILE and DIR end, at the first colon, is as in skopeo.
struct ImageName {
    enum class Kind : std::uint8_t {
        registry,
        layout,
        oci_archive,
        docker_archive,
        archive, ///< its content decides which of the two
        directory,
    };

    Kind kind = Kind::registry;
    std::optional<Reference> reference; ///< of a registry image
    std::string path;                   ///< of all others; "-" is standard input
    std::string ref_name; ///< annotation org.opencontainers.image.ref.name or tag to select, or
                          ///< empty
    std::optional<Digest> digest; ///< digest to select in a layout or OCI archive

    /// True for the kinds that are read from a tar archive.
    bool is_archive() const {
        return kind == Kind::oci_archive || kind == Kind::docker_archive || kind == Kind::archive;
    }

    static Result<ImageName> parse(std::string_view text);

    /// As a person would type it again.
    std::string to_string() const;

    /// The same place at another digest. A docker archive knows no digests and stays as it is.
    ImageName at(const Digest& digest) const;
};

} // namespace bulla::oci
