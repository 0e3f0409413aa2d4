// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/core/bytes.hpp"
#include "base/core/result.hpp"

#include <string>
#include <string_view>

namespace bulla::oci {

/// What Docker's tools find in auths under a registry.
enum class EntryKind : std::uint8_t {
    with_secret, ///< {"auth": base64 of user:password}
    in_helper,   ///< {}: a credential helper has it
};

/// A configuration (config.json, auth.json) in which the registry has that entry in auths and no
/// other of its own. Everything else keeps its bytes: unknown members, their order, numbers,
/// spaces. Entries of namespaces in the registry stay. An empty text is a new configuration.
/// `what` names the file in messages, none of which holds a secret. Errors are configuration: no
/// JSON object, a key that stands twice.
Result<Bytes> set_credential_entry(ByteView json,
                                   std::string_view registry,
                                   EntryKind kind,
                                   std::string_view user_and_password,
                                   std::string_view what);

struct WithoutEntry {
    Bytes json;
    bool found = false; ///< if not, `json` is what was given
};

/// The configuration without the registry's entry, in whatever spelling it has it.
Result<WithoutEntry>
remove_credential_entry(ByteView json, std::string_view registry, std::string_view what);

} // namespace bulla::oci
