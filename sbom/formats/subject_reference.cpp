// SPDX-License-Identifier: Apache-2.0
#include "sbom/formats/subject_reference.hpp"

#include "sbom/model/package_url.hpp"

namespace bulla::sbom {

SubjectReference subject_reference(const SbomSubject& subject) {
    SubjectReference made;
    made.reference = subject.kind == SubjectKind::directory ? "directory" : "image";
    if (subject.manifest_digest.empty()) {
        // No purl: its version is a manifest's digest (purl-spec, type oci).
        made.reference += subject.config_digest.empty() ? "" : ":" + subject.config_digest;
        return made;
    }
    made.reference = "image:" + subject.manifest_digest;
    if (subject.repository.empty()) {
        return made;
    }
    const auto purl =
        PackageUrl::make({.type = "oci",
                          .name_space = {},
                          .name = subject.repository.substr(subject.repository.rfind('/') + 1),
                          .version = subject.manifest_digest,
                          .qualifiers = {{"arch", subject.architecture},
                                         {"repository_url", subject.repository},
                                         {"tag", subject.tag}},
                          .subpath = {}});
    if (purl) {
        made.purl = purl->to_string();
        made.reference = made.purl;
    }
    return made;
}

} // namespace bulla::sbom
