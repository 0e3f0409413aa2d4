// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "oci/store/layout_files.hpp"
#include "oci/store/repository.hpp"

#include <memory>
#include <string>

namespace bulla::oci {

/// The annotation of index.json's entries that holds a tag (image-spec annotations.md).
inline constexpr std::string_view kRefNameAnnotation = "org.opencontainers.image.ref.name";

/// Opens an OCI image layout folder for reading and writing. A tag is the ref name of an entry of
/// index.json: the exact one, else the full name that containerd writes, else the tag at the end of
/// a full name. "" is the only image, signatures and other artifacts not counted. not_found lists
/// the names there are. Referrers are the manifests listed in index.json that have a subject, and
/// what the fallback tag lists. Writers of one folder wait for each other.
Result<std::unique_ptr<Repository>> open_layout(const std::string& path);

/// The same over the files of a layout that are somewhere else. Writing is as far possible as they
/// let it.
std::unique_ptr<Repository> make_layout_repository(std::unique_ptr<LayoutFiles> files);

/// As open_layout, and makes the layout if there is none yet.
Result<std::unique_ptr<Repository>> create_or_open_layout(const std::string& path);

} // namespace bulla::oci
