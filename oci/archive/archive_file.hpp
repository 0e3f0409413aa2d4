// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "oci/archive/member_index.hpp"
#include "oci/store/repository.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace bulla::oci {

/// A tar archive whose members are read where they lie, nothing is unpacked. Safe for use from
/// several threads: every reader reads by position.
class ArchiveFile {
  public:
    /// Opens a file, or standard input for "-", and reads the archive's headers. A FIFO and a
    /// compressed archive (gzip, zstd; its magic bytes say so) are first copied, inflated, into an
    /// unlinked temporary file. not_found, or malformed if it is no tar archive.
    static Result<ArchiveFile> open(const std::string& path);

    /// As it was named: "app.tar", "-".
    const std::string& path() const { return path_; }

    /// For messages: `the archive "app.tar"`.
    std::string title() const;

    /// True if there is a member of that name, of any kind.
    bool contains(std::string_view member) const { return members_.contains(member); }

    /// The names of all members, sorted by bytes, each once.
    std::vector<std::string_view> names() const { return members_.names(); }

    /// A member as a part of the file, links followed; errors as MemberIndex::find has them, and
    /// they name the archive.
    Result<BlobFile> open_member(std::string_view member) const;

    /// A whole member of at most `limit` bytes.
    Result<Bytes> read_member(std::string_view member, std::uint64_t limit) const;

  private:
    ArchiveFile(std::string path, FileReader file, MemberIndex members)
        : path_(std::move(path)), file_(std::move(file)), members_(std::move(members)) {}

    std::string path_;
    FileReader file_;
    MemberIndex members_;
};

} // namespace bulla::oci
