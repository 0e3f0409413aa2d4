// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/core/digest.hpp"
#include "base/crypto/public_key.hpp"
#include "sign/verify/verified_statement.hpp"

#include <map>
#include <string>
#include <vector>

namespace bulla::sign {

/// What a claim must be and say to count.
struct VerificationPolicy {
    /// Any one of them must confirm the signature. Not empty.
    std::vector<crypto::PublicKey> keys;

    ClaimKind kind = ClaimKind::image_signature;

    /// The digests of the one artifact in question, at most one per algorithm. A claim must name at
    /// least one and contradict none. Not empty, except for blobs, whose digests are computed.
    std::vector<Digest> artifact;

    /// The predicate type, or the prefix before its version (predicate_type_matches). Required for
    /// attestations; for blobs empty means that no attestation counts; not used for image
    /// signatures, which have a type of their own.
    std::string predicate_type;

    /// Each must be among the signed annotations with exactly this value.
    std::map<std::string, std::string> annotations;
};

} // namespace bulla::sign
