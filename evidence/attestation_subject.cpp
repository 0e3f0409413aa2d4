// SPDX-License-Identifier: Apache-2.0
#include "evidence/attestation_subject.hpp"

#include "oci/store/platform_image.hpp"

namespace bulla::evidence {

Result<oci::Descriptor> choose_subject(oci::BlobSource& source,
                                       const oci::StoredManifest& top,
                                       const std::optional<Digest>& named) {
    if (!named || *named == top.descriptor.digest) {
        return top.descriptor;
    }
    if (oci::media_type::is_index(top.descriptor.media_type)) {
        BULLA_TRY_ASSIGN(const auto inside, oci::list_descendants(source, top));
        for (const auto& manifest : inside) {
            if (manifest.descriptor.digest == *named) {
                return manifest.descriptor;
            }
        }
    }
    return Error{ErrorCode::integrity, "the predicate is about another image"}
        .with("predicate", named->to_string())
        .with("image", top.descriptor.digest.to_string())
        .with_hint(
            "name the image that the predicate was made from, or make it again from this one");
}

} // namespace bulla::evidence
