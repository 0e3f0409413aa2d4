// SPDX-License-Identifier: Apache-2.0
#include "oci/store/open.hpp"

#include "base/core/text.hpp"
#include "oci/store/layout_repository.hpp"

namespace bulla::oci {

Result<std::unique_ptr<Repository>>
open_repository(const ImageName& name, const RegistryOptions& registry, Missing missing) {
    if (name.kind == ImageName::Kind::layout) {
        return missing == Missing::create ? create_or_open_layout(name.path)
                                          : open_layout(name.path);
    }
    if (!name.reference) {
        return Error{ErrorCode::internal, "a registry image without a reference"};
    }
    return open_registry(*name.reference, registry);
}

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
