// SPDX-License-Identifier: Apache-2.0
#include "evidence/attestation_subject.hpp"

#include "oci/store/platform_image.hpp"

#include <algorithm>
#include <vector>

namespace bulla::evidence {

namespace {

/// Whether a manifest is that of an image whose config has the digest.
Result<bool>
has_config(oci::BlobSource& source, const oci::Descriptor& entry, const Digest& config) {
    if (!oci::media_type::is_manifest(entry.media_type)) {
        return false;
    }
    const auto stored = source.fetch_manifest(entry.digest);
    if (!stored && stored.error().code == ErrorCode::not_found && source.may_be_partial()) {
        return false;
    }
    BULLA_TRY(stored);
    const auto manifest = oci::parse_manifest(stored->bytes, entry.media_type);
    return manifest && manifest->config.digest == config; // others than images have none
}

} // namespace

Result<oci::Descriptor> choose_subject(oci::BlobSource& source,
                                       const oci::StoredManifest& top,
                                       const std::optional<Digest>& named) {
    if (!named || *named == top.descriptor.digest) {
        return top.descriptor;
    }
    std::vector<oci::Descriptor> inside{top.descriptor};
    if (oci::media_type::is_index(top.descriptor.media_type)) {
        BULLA_TRY_ASSIGN(inside, oci::list_descendants(source, top));
        const auto found = std::ranges::find(inside, *named, &oci::Descriptor::digest);
        if (found != inside.end()) {
            return *found;
        }
    }
    // An SBOM made from a `docker save` archive knows the image by its config alone.
    for (const auto& entry : inside) {
        BULLA_TRY_ASSIGN(const bool same, has_config(source, entry, *named));
        if (same) {
            return entry;
        }
    }
    return Error{ErrorCode::integrity, "the predicate is about another image"}
        .with("predicate", named->to_string())
        .with("image", top.descriptor.digest.to_string())
        .with_hint(
            "name the image that the predicate was made from, or make it again from this one");
}

} // namespace bulla::evidence
