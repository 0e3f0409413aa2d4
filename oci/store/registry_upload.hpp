// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "oci/store/open_uploads.hpp"

#include <memory>
#include <string_view>

namespace bulla::oci {

/// What became of the wish to take a blob over from another repository of the same registry.
struct MountOutcome {
    enum class Kind : std::uint8_t {
        mounted, ///< the blob is there now
        begun,   ///< not mounted; the registry opened a session for an upload instead
        refused  ///< neither; nothing can be concluded, and an upload is the way
    } kind = Kind::refused;
    std::unique_ptr<OpenUpload> upload{}; ///< of `begun`
};

/// Asks the registry to take over a blob from `repository` (distribution-spec "Mounting a blob from
/// another repository"). Never an error: whatever goes wrong is `refused`.
MountOutcome
mount_blob_from(RegistrySession& session, const Descriptor& blob, std::string_view repository);

/// Uploads a blob: what fits into memory in one piece (distribution-spec "Pushing a blob
/// monolithically", POST then PUT), larger ones as a stream (POST, one PATCH of open length, PUT).
/// `content` is verified before the last request. A failed upload's session is cancelled. `begun`
/// is a session that is open already, or null.
Status upload_blob(RegistrySession& session,
                   const Descriptor& blob,
                   Reader& content,
                   std::unique_ptr<OpenUpload> begun = nullptr);

} // namespace bulla::oci
