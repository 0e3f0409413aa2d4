// SPDX-License-Identifier: Apache-2.0
#pragma once

// Only for the sources of this folder: OpenSSL's types stay behind base/crypto.

#include "base/core/bytes.hpp"
#include "base/crypto/signature_algorithm.hpp"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include <memory>

namespace bulla::crypto {

template <auto free_function> struct Free {
    template <class T> void operator()(T* pointer) const { free_function(pointer); }
};

using KeyHandle = std::unique_ptr<EVP_PKEY, Free<EVP_PKEY_free>>;
using KeyContext = std::unique_ptr<EVP_PKEY_CTX, Free<EVP_PKEY_CTX_free>>;
using DigestContext = std::unique_ptr<EVP_MD_CTX, Free<EVP_MD_CTX_free>>;
using Pkcs8 = std::unique_ptr<PKCS8_PRIV_KEY_INFO, Free<PKCS8_PRIV_KEY_INFO_free>>;

/// Leaves the thread's OpenSSL error queue as empty as it was found: a stale entry would be taken
/// for a failure by the next user of the library (TLS).
class ErrorQueueGuard {
  public:
    ErrorQueueGuard() { ERR_set_mark(); }

    ErrorQueueGuard(const ErrorQueueGuard&) = delete;
    ErrorQueueGuard& operator=(const ErrorQueueGuard&) = delete;

    ~ErrorQueueGuard() { ERR_pop_to_mark(); }
};

inline const unsigned char* bytes_of(ByteView view) {
    return reinterpret_cast<const unsigned char*>(view.data());
}

inline unsigned char* bytes_of(char* data) {
    return reinterpret_cast<unsigned char*>(data);
}

/// The hash of an algorithm for EVP_DigestSign and EVP_DigestVerify; null for Ed25519.
inline const EVP_MD* hash_of(SignatureAlgorithm algorithm) {
    switch (algorithm) {
    case SignatureAlgorithm::ecdsa_sha384:
        return EVP_sha384();
    case SignatureAlgorithm::ecdsa_sha512:
        return EVP_sha512();
    case SignatureAlgorithm::ed25519:
    case SignatureAlgorithm::ed25519ph:
        return nullptr;
    default:
        return EVP_sha256();
    }
}

/// Sets what the algorithm needs beyond its hash. False on failure.
bool configure(EVP_PKEY_CTX* context, SignatureAlgorithm algorithm);

} // namespace bulla::crypto
