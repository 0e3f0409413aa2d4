// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/core/bytes.hpp"
#include "base/core/result.hpp"
#include "base/crypto/private_key.hpp"
#include "base/crypto/secret.hpp"

#include <string>
#include <string_view>

/// cosign's encrypted private key: a JSON envelope with scrypt and NaCl secretbox around PKCS#8.
namespace bulla::sign {

/// The PEM label that is written, and the older one that is read as well.
inline constexpr std::string_view kEncryptedKeyLabel = "ENCRYPTED SIGSTORE PRIVATE KEY";
inline constexpr std::string_view kOldEncryptedKeyLabel = "ENCRYPTED COSIGN PRIVATE KEY";

/// The PEM file of a key under a password, which may be empty. scrypt with N=65536, r=8, p=1, which
/// every client reads.
Result<std::string> encrypt_private_key(const crypto::PrivateKey& key, ByteView password);

/// Checks the envelope (the content of the PEM block) without deriving anything, so that nobody is
/// asked for the password of a file that cannot be read. Accepts scrypt with N of 32768, 65536 or
/// 131072, r=8, p=1 only: the file decides the memory and time spent on it. All errors are
/// `malformed` or `unsupported`.
Status check_encrypted_key(ByteView envelope);

/// Opens the envelope. A wrong password is `configuration`; otherwise as check_encrypted_key.
Result<crypto::PrivateKey> decrypt_private_key(ByteView envelope, ByteView password);

} // namespace bulla::sign
