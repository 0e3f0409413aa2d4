// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sbom/model/sbom.hpp"

#include <string>

namespace bulla::sbom {

/// How a document names the image it is about.
struct SubjectReference {
    std::string reference; ///< the purl if there is one, else "image:DIGEST", "image"
                           ///< or "directory"
    std::string purl;      ///< pkg:oci/…; empty without a repository and a manifest digest
};

/// The registered type `oci`: name is the last part of the repository, version the manifest digest,
/// qualifiers arch, repository_url and tag.
SubjectReference subject_reference(const SbomSubject& subject);

} // namespace bulla::sbom
