// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/core/result.hpp"
#include "base/io/file.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace bulla::oci {

/// Where the members of a tar archive are, from one pass over its headers: content is passed over
/// by position. Names are compared without "./" in front; members whose names are absolute, lead
/// above the root or are longer than limits::kPathBytes are left out, because nothing that is read
/// from an archive can mean them. A value; safe for concurrent reads.
class MemberIndex {
  public:
    /// A member's content.
    struct Range {
        std::uint64_t offset = 0;
        std::uint64_t size = 0;
    };

    /// Reads the headers of a file of `size` bytes. Errors are those of archive::TarWalker, and
    /// malformed if the archive is cut off, limit_exceeded for more than limits::kArchiveMembers.
    static Result<MemberIndex> read(const FileReader& file, std::uint64_t size);

    /// True if there is a member of that name, of any kind.
    bool contains(std::string_view name) const;

    /// The content of a member, hard and symbolic links followed inside the archive (docker save
    /// before version 25 writes a repeated layer as a link to the first one). not_found if the
    /// member or what it links to is not there. malformed: a name or link that leads out of the
    /// archive, more than limits::kSymlinkHops links, something that is no file, a file with
    /// holes, and members of one name that are not the same bytes: which of them is meant is
    /// answered differently by different readers.
    Result<Range> find(const FileReader& file, std::string_view name) const;

    /// The names of all members, sorted by bytes, each once.
    std::vector<std::string_view> names() const;

  private:
    enum class Kind : std::uint8_t { regular, with_holes, link, other };

    struct Member {
        Kind kind = Kind::other;
        Range range{};
        std::string target{}; ///< of a link, from the root; empty: it leads out of the archive
    };

    class Collector;

    Status check_twins(const FileReader& file, const std::string& name) const;

    std::multimap<std::string, Member, std::less<>> members_; ///< twins in archive order
};

} // namespace bulla::oci
