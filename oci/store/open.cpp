// SPDX-License-Identifier: Apache-2.0
#include "oci/store/open.hpp"

#include "base/core/text.hpp"

namespace bulla::oci {

Result<StoredManifest> resolve_image(BlobSource& source, const ImageName& name) {
    const auto& digest = name.reference ? name.reference->digest() : name.digest;
    auto found = [&]() -> Result<StoredManifest> {
        if (digest) {
            return source.fetch_manifest(*digest);
        }
        return source.fetch_tag(name.reference ? name.reference->version() : name.ref_name);
    }();
    if (!found) {
        return std::move(found.error()).with("image", text::printable(name.to_string()));
    }
    return found;
}

std::string tag_to_store(const ImageName& name) {
    if (!name.reference) {
        return name.digest ? std::string() : name.ref_name;
    }
    return name.reference->digest() ? std::string() : name.reference->version();
}

} // namespace bulla::oci
