// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/core/bytes.hpp"
#include "base/core/result.hpp"
#include "base/crypto/secret.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>

/// Encryption under a password, as in cosign's key files: scrypt (RFC 7914) makes a key, NaCl's
/// secretbox (XSalsa20-Poly1305, 16 bytes of MAC before the ciphertext) seals.
namespace bulla::crypto {

inline constexpr std::size_t kSecretboxKeyBytes = 32;
inline constexpr std::size_t kSecretboxNonceBytes = 24;

/// scrypt's cost: memory is 128 * n * r bytes.
struct ScryptCost {
    std::uint64_t n = 65536;
    std::uint32_t r = 8;
    std::uint32_t p = 1;
};

/// Derives a secretbox key. The caller bounds the cost when it comes from a file. Fails with
/// `configuration` when the memory cannot be had.
Result<SecretBytes> scrypt(ByteView password, ByteView salt, const ScryptCost& cost);

/// Seals under a key and a nonce of exactly the sizes above; anything else is `internal`.
Result<Bytes> seal_secretbox(ByteView plaintext, ByteView nonce, const SecretBytes& key);

/// The plaintext, or nothing if the key is wrong, the box was changed, or a size is not right.
std::optional<SecretBytes> open_secretbox(ByteView box, ByteView nonce, const SecretBytes& key);

/// Bytes from the system's generator, for salts and nonces.
Bytes random_bytes(std::size_t size);

} // namespace bulla::crypto
