// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace bulla::crypto {

/// What a key is. Curves are NIST names (FIPS 186-5); RSA is 2048 to 8192 bits.
enum class KeyKind : std::uint8_t { ecdsa_p256, ecdsa_p384, ecdsa_p521, ed25519, rsa };

/// How a signature is computed. ECDSA signatures are ASN.1 DER (RFC 3279 section 2.2.3), Ed25519
/// ones 64 bytes (RFC 8032; ph is its prehashed form with an empty context), RSA ones as long as
/// the modulus (RFC 8017; PSS with MGF1 of the same hash and a salt as long as the hash).
enum class SignatureAlgorithm : std::uint8_t {
    ecdsa_sha256,
    ecdsa_sha384,
    ecdsa_sha512,
    ed25519,
    ed25519ph,
    rsa_pkcs1_sha256,
    rsa_pss_sha256,
};

/// "ecdsa-p256", "ecdsa-p384", "ecdsa-p521", "ed25519" or "rsa".
std::string_view to_string(KeyKind kind);

/// "ecdsa-sha256", …, "ed25519", "ed25519ph", "rsa-pkcs1-sha256" or "rsa-pss-sha256".
std::string_view to_string(SignatureAlgorithm algorithm);

/// True if a key of that kind can make such signatures.
bool fits(KeyKind kind, SignatureAlgorithm algorithm);

} // namespace bulla::crypto
