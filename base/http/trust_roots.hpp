// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>

namespace bulla::http {

/// Where the certificates come from that TLS connections are checked against.
struct TrustRoots {
    std::string file;             ///< SSL_CERT_FILE, else the file the library was built with
    std::string folder;           ///< SSL_CERT_DIR, else the folder the library was built with
    bool file_is_named = false;   ///< by SSL_CERT_FILE
    bool folder_is_named = false; ///< by SSL_CERT_DIR
    std::size_t file_count = 0;   ///< certificates in the file; 0 if it cannot be read
    std::size_t folder_count = 0; ///< certificates in the folder, under names made of their hash
};

/// Looks at what make_curl_client's clients would use. Nothing is verified.
TrustRoots find_trust_roots();

} // namespace bulla::http
