// SPDX-License-Identifier: Apache-2.0
#include "oci/store/put_referrer.hpp"

#include <algorithm>
#include <string>

namespace bulla::oci {

Status put_referrer(Repository& repository,
                    const StoredManifest& manifest,
                    const Digest& subject,
                    std::string_view what) {
    constexpr int kAttempts = 3;
    for (int attempt = 0; attempt < kAttempts; ++attempt) {
        BULLA_TRY(repository.put_manifest(manifest, ""));
        BULLA_TRY_ASSIGN(const auto listed, repository.list_referrers(subject, ""));
        const bool there = std::ranges::any_of(listed, [&](const Descriptor& entry) {
            return entry.digest == manifest.descriptor.digest;
        });
        if (there) {
            return ok();
        }
    }
    return Error{ErrorCode::unavailable,
                 "the " + std::string(what) + " was stored and is not listed beside its image"}
        .with("image", subject.to_string())
        .with(std::string(what), manifest.descriptor.digest.to_string())
        .with_hint("the registry may need a moment: look with `bulla-oci tree`, and try again "
                   "if it stays away");
}

} // namespace bulla::oci
