// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/core/result.hpp"

#include <compare>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace bulla {

/// Hash algorithms that may name content (OCI image-spec, "Registered algorithms").
enum class HashAlgorithm : std::uint8_t { sha256, sha384, sha512 };

/// "sha256", "sha384" or "sha512".
std::string_view to_string(HashAlgorithm algorithm);

/// The length of a hash in bytes: 32, 48 or 64.
std::size_t hash_size(HashAlgorithm algorithm);

/// A content digest as in an OCI descriptor: an algorithm and its lower-case hexadecimal value.
/// Always valid once constructed, so it may be used in paths, tags and URLs without further checks
/// (CVE-2024-3727).
class Digest {
  public:
    /// Parses "sha256:<64 hex>" or "sha512:<128 hex>" (image-spec descriptor.md, "Digests").
    /// Upper-case hex, other algorithms and other lengths are malformed; a well-formed unknown
    /// algorithm is unsupported.
    static Result<Digest> parse(std::string_view text);

    /// A digest from the raw hash bytes; `raw` must be hash_size(algorithm) long.
    static Digest from_raw(HashAlgorithm algorithm, std::string_view raw);

    HashAlgorithm algorithm() const { return algorithm_; }

    /// The encoded part: lower-case hexadecimal.
    const std::string& hex() const { return hex_; }

    /// "algorithm:hex".
    std::string to_string() const;

    friend auto operator<=>(const Digest&, const Digest&) = default;
    friend bool operator==(const Digest&, const Digest&) = default;

  private:
    Digest(HashAlgorithm algorithm, std::string hex)
        : algorithm_(algorithm), hex_(std::move(hex)) {}

    HashAlgorithm algorithm_;
    std::string hex_;
};

} // namespace bulla

template <> struct std::hash<bulla::Digest> {
    std::size_t operator()(const bulla::Digest& digest) const noexcept {
        return std::hash<std::string>{}(digest.hex());
    }
};
