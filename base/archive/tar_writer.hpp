// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/core/bytes.hpp"

#include <cstdint>
#include <string_view>

/// Writing tar archives (POSIX pax): the same names and contents give the same bytes, because every
/// file has mode 0644, owner 0 and time 0.
namespace bulla::archive {

/// The headers before a file of `size` bytes; names of more than 100 bytes and sizes from 8 GiB on
/// get a pax header. The content follows, then tar_padding(size).
Bytes tar_file_header(std::string_view name, std::uint64_t size);

/// The zeros that fill up a content's last block.
Bytes tar_padding(std::uint64_t size);

/// The two blocks of zeros that end an archive.
Bytes tar_end();

} // namespace bulla::archive
