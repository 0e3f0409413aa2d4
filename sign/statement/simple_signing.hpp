// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/core/bytes.hpp"
#include "base/core/digest.hpp"
#include "base/core/result.hpp"
#include "sign/statement/statement.hpp"

#include <string>
#include <string_view>

namespace bulla::sign {

/// The payload of a legacy image signature ("simple signing", containers/image
/// signature-protocols), which is signed as it stands.
struct SimpleSigning {
    std::string docker_reference; ///< registry/repository without a tag, as the signer named it
    Digest image;
    Annotations annotations; ///< `optional`, those with text values
};

/// The exact bytes that cosign would write: members in its order, annotations sorted, Go's
/// escaping.
Bytes encode_simple_signing(const SimpleSigning& payload);

/// Reads a payload of at most limits::kManifestBytes. `critical.type` must say that it signs a
/// container image: the same key may sign JSON of other kinds. Call it on verified bytes.
Result<SimpleSigning> decode_simple_signing(ByteView json);

} // namespace bulla::sign
