// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/core/bytes.hpp"
#include "base/core/digest.hpp"

#include <memory>

struct evp_md_ctx_st;

namespace bulla::crypto {

/// A running hash (FIPS 180-4). Not thread-safe; may be moved between threads.
class Hasher {
  public:
    explicit Hasher(HashAlgorithm algorithm);

    void update(ByteView bytes);

    /// The hash of everything so far, hash_size(algorithm) raw bytes. The hasher is spent
    /// afterwards.
    Bytes finish();

    /// As `finish`, as a Digest.
    Digest finish_digest();

  private:
    struct Deleter {
        void operator()(evp_md_ctx_st* context) const;
    };

    HashAlgorithm algorithm_;
    std::unique_ptr<evp_md_ctx_st, Deleter> context_;
};

/// The raw hash of some bytes.
Bytes hash(HashAlgorithm algorithm, ByteView bytes);

/// The digest of some bytes.
Digest digest(ByteView bytes, HashAlgorithm algorithm = HashAlgorithm::sha256);

} // namespace bulla::crypto
