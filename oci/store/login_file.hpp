// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "oci/store/credentials.hpp"

#include <string>

namespace bulla::oci {

/// Where a login went to or was taken from, for messages.
struct LoginPlace {
    std::string file;       ///< the configuration
    std::string helper{};   ///< "docker-credential-X" if that has the secret
    bool had_entry = false; ///< there was a login before
};

/// Stores a login for a whole registry as Docker's tools do: in the credential helper that the
/// configuration names for it (credHelpers, else credsStore), whose entry in auths is then `{}`,
/// else in auths, not encrypted. The file is made with its folder if it is not there (0600, 0700).
/// It is replaced at once, under a lock that writers of ours share, at the end of symbolic links,
/// and is 0600 afterwards and its owner's as before. Errors are configuration (no usable JSON, a
/// helper that fails) and io.
Result<LoginPlace>
store_login(const std::string& path, std::string_view registry, const Login& login);

/// Takes a registry's login away again, from the helper and from the file. A file that is not there
/// has none.
Result<LoginPlace> erase_login(const std::string& path, std::string_view registry);

} // namespace bulla::oci
