// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/core/result.hpp"
#include "sign/keys/key_file.hpp"
#include "sign/keys/signer.hpp"

#include <memory>
#include <string_view>

namespace bulla::sign {

/// One way of naming a key on the command line. Without state; one instance serves all threads.
class KeyProvider {
  public:
    virtual ~KeyProvider() = default;

    /// Names the provider in messages and documentation, for example "file".
    virtual std::string_view id() const = 0;

    /// The form of its references, for example "env://VARIABLE".
    virtual std::string_view form() const = 0;

    /// True if a reference is of that form. At most one provider takes a reference.
    virtual bool takes(std::string_view reference) const = 0;

    /// The key to sign with. A failure that lies in the key is `configuration`.
    virtual Result<std::unique_ptr<Signer>> signer(std::string_view reference,
                                                   const PasswordSource& password) const = 0;

    /// The key to verify with.
    virtual Result<crypto::PublicKey> public_key(std::string_view reference) const = 0;
};

std::unique_ptr<KeyProvider> make_file_provider();
std::unique_ptr<KeyProvider> make_env_provider();

} // namespace bulla::sign
