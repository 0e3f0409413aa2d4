// SPDX-License-Identifier: Apache-2.0
#include "base/crypto/hasher.hpp"

#include <openssl/evp.h>

#include <cstdlib>

namespace bulla::crypto {

namespace {

const EVP_MD* implementation(HashAlgorithm algorithm) {
    switch (algorithm) {
    case HashAlgorithm::sha256:
        return EVP_sha256();
    case HashAlgorithm::sha384:
        return EVP_sha384();
    case HashAlgorithm::sha512:
        return EVP_sha512();
    }
    return EVP_sha256();
}

/// OpenSSL's SHA-2 fails only without memory or with a broken provider configuration; nothing
/// sensible can follow.
void require(int success) {
    if (success != 1) {
        std::abort();
    }
}

} // namespace

void Hasher::Deleter::operator()(evp_md_ctx_st* context) const {
    EVP_MD_CTX_free(context);
}

Hasher::Hasher(HashAlgorithm algorithm) : algorithm_(algorithm), context_(EVP_MD_CTX_new()) {
    require(context_ ? 1 : 0);
    require(EVP_DigestInit_ex(context_.get(), implementation(algorithm), nullptr));
}

void Hasher::update(ByteView bytes) {
    require(EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()));
}

Bytes Hasher::finish() {
    Bytes out(hash_size(algorithm_), '\0');
    unsigned int size = 0;
    require(
        EVP_DigestFinal_ex(context_.get(), reinterpret_cast<unsigned char*>(out.data()), &size));
    return out;
}

Digest Hasher::finish_digest() {
    return Digest::from_raw(algorithm_, finish());
}

Bytes hash(HashAlgorithm algorithm, ByteView bytes) {
    Hasher hasher(algorithm);
    hasher.update(bytes);
    return hasher.finish();
}

Digest digest(ByteView bytes, HashAlgorithm algorithm) {
    return Digest::from_raw(algorithm, hash(algorithm, bytes));
}

} // namespace bulla::crypto
