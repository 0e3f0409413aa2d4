// SPDX-License-Identifier: Apache-2.0
#pragma once

// Only for the sources of this folder.

#include "base/core/bytes.hpp"
#include "base/crypto/public_key.hpp"
#include "base/crypto/signature_algorithm.hpp"

#include <span>
#include <string_view>

namespace bulla::sign {

struct KeySearch {
    bool confirmed = false;
    bool names_other_key = false; ///< there is a hint, and it is of none of the keys
    const crypto::PublicKey* key = nullptr;
    crypto::SignatureAlgorithm algorithm = crypto::SignatureAlgorithm::ecdsa_sha256;
};

/// The algorithms that a key's signatures are read in: for ECDSA SHA-256, which plain cosign
/// expects, and the hash of the curve's size, which newer clients write; Ed25519 pure and
/// prehashed; RSA with PKCS#1 v1.5 and SHA-256.
std::span<const crypto::SignatureAlgorithm> accepted_algorithms(crypto::KeyKind kind);

/// Looks for a key that confirms the signature. The hint is unsigned: it decides which key is tried
/// first and what is said afterwards, never what is accepted.
KeySearch find_confirming_key(std::span<const crypto::PublicKey> keys,
                              ByteView message,
                              ByteView signature,
                              std::string_view hint);

} // namespace bulla::sign
