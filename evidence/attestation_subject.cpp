// SPDX-License-Identifier: Apache-2.0
#include "evidence/attestation_subject.hpp"

#include "oci/store/platform_image.hpp"

#include <algorithm>

namespace bulla::evidence {

Result<oci::Descriptor> choose_subject(oci::BlobSource& source,
                                       const oci::StoredManifest& top,
                                       const std::optional<Digest>& named) {
    if (!named || *named == top.descriptor.digest) {
        return top.descriptor;
    }
    if (oci::media_type::is_index(top.descriptor.media_type)) {
        BULLA_TRY_ASSIGN(const auto inside, oci::list_descendants(source, top));
        const auto found = std::ranges::find(inside, *named, &oci::Descriptor::digest);
        if (found != inside.end()) {
            return *found;
        }
    }
    return Error{ErrorCode::integrity, "the predicate is about another image"}
        .with("predicate", named->to_string())
        .with("image", top.descriptor.digest.to_string())
        .with_hint(
            "name the image that the predicate was made from, or make it again from this one");
}

} // namespace bulla::evidence
