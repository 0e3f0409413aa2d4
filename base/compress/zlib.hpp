// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/core/bytes.hpp"
#include "base/core/result.hpp"

#include <cstddef>
#include <cstdint>

namespace bulla::compress {

/// One inflated zlib stream.
struct Inflated {
    Bytes bytes;
    std::size_t consumed = 0; ///< how much of the input was the stream, its checksum included
};

/// Inflates the zlib stream (RFC 1950) that `stream` begins with; what stands behind it is left.
/// Malformed: no zlib header, a preset dictionary, damage, an early end, a wrong Adler-32. More
/// than `most` bytes of output is limit_exceeded, whatever the input promises.
Result<Inflated> inflate_zlib(ByteView stream, std::uint64_t most);

} // namespace bulla::compress
