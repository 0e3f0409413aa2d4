// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sign/keys/key_provider.hpp"

#include <memory>
#include <span>
#include <string_view>

namespace bulla::sign {

using KeyProviderFactory = std::unique_ptr<KeyProvider> (*)();

/// Every key provider there is.
std::span<const KeyProviderFactory> key_providers();

/// The key that a reference such as "my.key" or "env://COSIGN_PRIVATE_KEY" names, to sign with. A
/// reference that no provider takes is `configuration` and names the forms that are supported.
Result<std::unique_ptr<Signer>> load_signer(std::string_view reference,
                                            const PasswordSource& password);

/// The key that a reference names, to verify with. For the public half of a private key, ask
/// load_signer's result.
Result<crypto::PublicKey> load_public_key(std::string_view reference);

} // namespace bulla::sign
