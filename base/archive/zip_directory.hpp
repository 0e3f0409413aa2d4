// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/archive/zip_reader.hpp"

#include <cstdint>

/// The records at the end of a zip, for zip_reader.cpp.
namespace bulla::archive {

/// Where the central directory is (APPNOTE 4.3.14 to 4.3.16), all positions from the start of the
/// source.
struct ZipDirectoryPlace {
    std::uint64_t begin = 0;
    std::uint64_t end = 0;
    std::uint64_t archive_begin = 0; ///< what the archive's own offsets count from
    std::uint64_t records = 0;       ///< as announced
    bool is_zip64 = false;           ///< else the number of records is modulo 65536
};

/// Finds the end of central directory record as the Java runtime does: the last one in the file
/// whose comment ends with the file, or one followed by other bytes whose directory and first local
/// header are where it says. Two records of the first kind are malformed: readers disagree which
/// one counts.
Result<ZipDirectoryPlace> find_zip_directory(const RandomAccess& source);

/// Reads all records. More of them than limits::kZipEntries, or a name longer than
/// limits::kPathBytes, is limit_exceeded.
Result<std::vector<ZipEntry>> read_zip_directory(const RandomAccess& source,
                                                 const ZipDirectoryPlace& place,
                                                 const ZipReader::Filter& wanted);

Error bad_zip(std::string why);

inline constexpr std::uint32_t kZipLocalSignature = 0x04034b50;
inline constexpr std::size_t kZipLocalBytes = 30;

} // namespace bulla::archive
