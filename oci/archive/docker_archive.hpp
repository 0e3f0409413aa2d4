// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "oci/archive/archive_file.hpp"

#include <cstddef>
#include <memory>
#include <string_view>

namespace bulla::oci {

/// What manifest.json says of an image, to find it again in a layout beside it.
struct DockerIdentity {
    Digest config; ///< computed; before Docker 1.10 the id of the topmost layer
    std::size_t layers = 0;
};

/// The images of a `docker save` archive.
class DockerImages : public Repository {
  public:
    /// As fetch_tag, without looking at the layers.
    virtual Result<DockerIdentity> identify(std::string_view tag) const = 0;
};

/// Opens a `docker save` archive for reading: with manifest.json (Docker 1.10 and later, podman,
/// skopeo, kaniko, crane) or, before that, with `repositories` and one folder for each layer.
///
/// A tag names an image: one of its RepoTags, in full or as Docker shortens it ("app" for
/// "docker.io/library/app:latest"), or the first digits, at least four, of its id (the digest of
/// its config), with or without "sha256:". "" is the only image; with several, not_found lists
/// them.
///
/// Such an archive holds no manifest, so one is made, the same on every run, of what it does hold:
/// an OCI manifest over the config and the layers as they are stored (ManifestOrigin::made). A
/// layer's digest is the config's diff_id where it is stored as a plain tar, and computed where it
/// is compressed: such layers have to be read with DiffIdCheck::verify, because the config alone
/// vouches for them. Before Docker 1.10 there was no config either (made_with_config): layers were
/// vouched for by nothing.
///
/// integrity: a config whose name is another digest than it has. malformed: another number of
/// layers than diff_ids, and whatever the documents' parsers and ArchiveFile refuse.
Result<std::unique_ptr<DockerImages>>
open_docker_archive(std::shared_ptr<const ArchiveFile> archive);

/// True if there are the documents of such an archive.
bool holds_docker_images(const ArchiveFile& archive);

} // namespace bulla::oci
