// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/core/bytes.hpp"
#include "base/core/result.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

namespace bulla::compress {

enum class Compression : std::uint8_t { none, gzip, zstd, xz, bzip2 };

/// "none", "gzip", "zstd", "xz" or "bzip2".
std::string_view to_string(Compression compression);

/// What the first bytes of a stream say, by magic bytes alone; a stream shorter than its magic is
/// `none`. At least 6 bytes are wanted, if there are as many.
Compression detect(ByteView start);

/// Inflates one stream that comes in pieces. Holds a fixed amount of memory (zstd: the window the
/// frame asks for, at most 2^limits::kZstdWindowLog bytes). Knows nothing of how large the result
/// may become: that is for the caller, who sees every byte. Not thread-safe; may be moved between
/// threads.
class Decompressor {
  public:
    virtual ~Decompressor() = default;

    struct Step {
        std::size_t consumed = 0; ///< bytes taken off the front of `in`
        std::size_t produced = 0; ///< bytes written to the front of `out`
    };

    /// Goes on with the stream until `in` is used up or `out` is full. Damage is malformed, a frame
    /// that asks for a larger window than allowed is limit_exceeded. With a non-empty `out`, no
    /// step is possible without progress. After an error the object is not used again.
    virtual Result<Step> step(ByteView in, std::span<char> out) = 0;

    /// To be called when the input has ended and `step` has nothing more to give: malformed if the
    /// stream ends early.
    virtual Status finish() = 0;
};

/// A decompressor for gzip (RFC 1952: any number of members, checksums verified, zero bytes may
/// follow the last member, anything else may not) or zstd (RFC 8878: any number of frames and
/// skippable frames). Others are unsupported.
Result<std::unique_ptr<Decompressor>> make_decompressor(Compression compression);

} // namespace bulla::compress
