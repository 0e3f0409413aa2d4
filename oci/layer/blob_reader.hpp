// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/core/digest.hpp"
#include "base/core/progress.hpp"
#include "base/crypto/hasher.hpp"
#include "base/io/file.hpp"
#include "base/io/reader.hpp"

#include <cstdint>
#include <optional>

namespace bulla::oci {

/// Reads a layer's blob and checks it on the way: fills whole blocks, counts and hashes, and
/// answers the end only if size and digest were as announced and nothing follows; else integrity.
/// Everything read before that is unverified. With an offset the blob is a part of a file: it is
/// read from there by position, and what follows it belongs to others.
class BlobReader final : public Reader {
  public:
    BlobReader(FileDescriptor blob,
               Digest expected_digest,
               std::uint64_t expected_size,
               std::optional<std::uint64_t> offset,
               ProgressTask& progress);

    Result<std::size_t> read(std::span<char> into) override;

    /// True once the end was reached and everything held.
    bool verified() const { return verified_; }

  private:
    Status check_end();

    Result<std::size_t> read_some(std::span<char> into, std::uint64_t at);

    FileReader file_;
    std::optional<std::uint64_t> offset_;
    Digest expected_digest_;
    std::uint64_t expected_size_;
    std::uint64_t read_ = 0;
    crypto::Hasher hasher_;
    ProgressTask& progress_;
    bool verified_ = false;
};

} // namespace bulla::oci
