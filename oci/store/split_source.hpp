// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "oci/store/repository.hpp"

#include <memory>

namespace bulla::oci {

/// An image in one place and its evidence in another, as one source: what refers to a manifest, and
/// every tag, is looked for in `evidence` alone; manifests and blobs are read where they were
/// listed, those that no listing named in `image`. An evidence repository that does not exist holds
/// no evidence. Safe for use from several threads; both must outlive it. If both are one, it is as
/// that one.
std::unique_ptr<BlobSource> join_sources(BlobSource& image, BlobSource& evidence);

} // namespace bulla::oci
