// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "oci/store/registry_session.hpp"

namespace bulla::oci {

/// Uploads a blob in one piece (distribution-spec "Pushing a blob monolithically", POST then PUT).
/// `content` is verified on the way, and its last block is not sent before it has verified. A
/// failed upload's session is cancelled.
Status upload_blob(RegistrySession& session, const Descriptor& blob, Reader& content);

} // namespace bulla::oci
