// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "oci/reference/reference.hpp"
#include "oci/store/repository.hpp"

#include <memory>

namespace bulla::oci {

/// An image in an archive, resolved.
struct ArchivedImage {
    ImageName name; ///< kind says what the archive was read as
    std::unique_ptr<Repository> repository;
    StoredManifest top;
};

/// Opens the archive that a name of kind oci_archive, docker_archive or archive means, and the
/// image in it. Of kind `archive` the content decides: with only one of manifest.json and
/// oci-layout it is a docker or an OCI archive. With both (Docker since version 25) the image that
/// the ref means in manifest.json is taken as index.json has it, with its real manifest, if there
/// is one with the same config and as many layers; else (Docker 25.0 wrote manifests without
/// layers) as manifest.json has it. Errors are those of open_layout_archive and
/// open_docker_archive.
Result<ArchivedImage> open_archive(ImageName name);

} // namespace bulla::oci
