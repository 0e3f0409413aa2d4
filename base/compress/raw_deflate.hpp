// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/compress/decompressor.hpp"

#include <memory>

namespace bulla::compress {

/// A decompressor for one deflate stream without any wrapper (RFC 1951), as the entries of a zip
/// hold it. It stops at the end of the stream: `step` then takes nothing more. Nothing is checked
/// but the stream itself; length and checksum stand in the zip.
std::unique_ptr<Decompressor> make_raw_deflate_decompressor();

/// The CRC-32 of zip and gzip (RFC 1952 section 8) of all bytes so far: begin with 0, go on with
/// what the call before returned.
std::uint32_t crc32(std::uint32_t so_far, ByteView bytes);

} // namespace bulla::compress
