// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/core/bytes.hpp"
#include "base/core/result.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// The fixed 512-byte headers of tar: ustar and pax (POSIX.1-2017 pax, "ustar Interchange Format"),
/// old and GNU tar (GNU tar manual, "Basic Tar Format"), star. The readings are those of Go's
/// archive/tar, which container runtimes unpack with (docs/adr/0004-tar-reader.md).
namespace bulla::archive {

inline constexpr std::size_t kTarBlock = 512;

enum class TarFormat : std::uint8_t { v7, ustar, star, gnu };

/// One header block, decoded. The views point into the block.
struct TarHeader {
    TarFormat format = TarFormat::v7;
    char type = '0';         ///< the type flag as it stands, '\0' included
    std::string_view prefix; ///< to be put before the name with a slash, if not empty
    std::string_view name;
    std::string_view link;
    std::uint64_t size = 0;
};

/// Decodes a block. A wrong checksum (over unsigned or, as old writers did it, signed bytes) and a
/// numeric field that is not a non-negative octal or base-256 number of 63 bits are malformed;
/// sizes are never negative, the other fields may be.
Result<TarHeader> parse_tar_header(ByteView block);

/// True if every byte is zero.
bool is_zero_block(ByteView block);

/// An octal or base-256 field. Blanks and NULs around it are ignored and an empty field is 0;
/// nothing if it is neither, or does not fit into 63 bits.
std::optional<std::int64_t> parse_tar_number(ByteView field);

/// A piece of a sparse file that has bytes in the archive; everything between is zeros.
struct SparseRun {
    std::uint64_t offset = 0;
    std::uint64_t length = 0;
};

/// Appends the runs of a block of GNU's old sparse format: of a header (4 at offset 386) or an
/// extension block (21 at offset 0). The first empty field ends the list. False if a field is no
/// number.
bool append_sparse_runs(ByteView fields, std::size_t count, std::vector<SparseRun>& runs);

} // namespace bulla::archive
