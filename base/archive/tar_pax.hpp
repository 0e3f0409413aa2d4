// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/archive/tar_header.hpp"
#include "base/core/bytes.hpp"
#include "base/core/result.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace bulla::archive {

/// What the records of one pax extended header (POSIX.1-2017 pax, "pax Header Block") say about the
/// file that follows, as far as a reader of names, sizes and content needs it. Empty values of path
/// and linkpath mean "as in the ustar header" and are left out.
struct PaxRecords {
    std::optional<std::string> path;
    std::optional<std::string> link;
    std::optional<std::uint64_t> size;
    // GNU tar manual, "Storing Sparse Files"
    std::string sparse_major;
    std::string sparse_minor;
    std::string sparse_name;
    std::optional<std::uint64_t> sparse_size;
    std::optional<std::string>
        sparse_map; ///< "offset,length,offset,length" (0.1; 0.0 put together)

    bool names_anything() const {
        return path || link || size || !sparse_major.empty() || !sparse_minor.empty() ||
               !sparse_name.empty() || sparse_size || sparse_map;
    }
};

/// Parses the records. Of a keyword that occurs twice the last counts. A record that is not
/// "length keyword=value\n" with its exact length, a NUL in a path, and a size that is not a number
/// are malformed.
Result<PaxRecords> parse_pax(ByteView records);

/// Parses a sparse map in decimal. False if it is not an even list of numbers.
bool parse_sparse_list(std::string_view text, char separator, std::vector<SparseRun>& runs);

} // namespace bulla::archive
