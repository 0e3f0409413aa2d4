// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/core/bytes.hpp"
#include "base/core/result.hpp"
#include "base/crypto/private_key.hpp"
#include "base/crypto/public_key.hpp"
#include "base/crypto/secret.hpp"

#include <functional>
#include <string_view>

namespace bulla::sign {

/// Asks for the password of a key; called at most once, and only when the key is encrypted.
using PasswordSource = std::function<Result<crypto::SecretBytes>()>;

/// Parses the PEM text of a private key: cosign's encrypted form, PKCS#8, SEC1 or PKCS#1. `what`
/// names it in messages (a path, "env://NAME"). Every failure that lies in the key or its password
/// is `configuration`, with a hint.
Result<crypto::PrivateKey>
parse_private_key(ByteView pem, const PasswordSource& password, std::string_view what);

/// Parses the PEM text of a public key. Every failure is `configuration`; a private key given by
/// mistake gets the command that extracts its public half.
Result<crypto::PublicKey> parse_public_key(ByteView pem, std::string_view what);

} // namespace bulla::sign
