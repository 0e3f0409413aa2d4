// SPDX-License-Identifier: Apache-2.0
#pragma once

// Only for the sources of this folder.

#include "base/core/bytes.hpp"
#include "base/core/digest.hpp"
#include "sign/statement/statement.hpp"

#include <optional>
#include <span>
#include <vector>

namespace bulla::sign {

/// The digests under which a subject names the artifact: at least one that we can compare is equal,
/// and none that we can compare differs. Empty if the subject is something else. Algorithms that we
/// do not know are passed over (in-toto "DigestSet"); for a blob missing digests are computed.
std::vector<Digest> matching_digests(const Subject& subject,
                                     std::span<const Digest> artifact,
                                     std::optional<ByteView> blob);

} // namespace bulla::sign
