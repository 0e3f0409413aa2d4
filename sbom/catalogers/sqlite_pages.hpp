// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sbom/catalogers/rpm_file.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace bulla::sbom {

/// The pages of an SQLite database as a reader of it would see them (sqlite.org, "Database File
/// Format"): those that a write-ahead log has committed instead of the file's own.
class SqlitePages {
  public:
    /// Reads the header of the file and, unless `wal` is null, all frames of the log up to the last
    /// that ends a transaction. Malformed: no SQLite database, one without pages, a page size that
    /// is none; unsupported: a text encoding other than UTF-8. Both files must outlive this.
    static Result<SqlitePages> open(const RpmFile& file, const RpmFile* wal);

    /// The bytes of each page that hold content.
    std::size_t usable_bytes() const { return usable_bytes_; }

    /// How many there are.
    std::uint32_t size() const { return count_; }

    /// The page of this number; the first is 1. A page belongs to one place of one table, so
    /// whoever asks for one twice follows a loop: malformed, as is a number without a page.
    Result<FileContent> take(std::uint32_t number);

    /// What is missing from the files although every page asked for may have been there: the end of
    /// the file, or a part of the log that cannot be read. Empty if nothing is.
    const std::string& flaw() const { return flaw_; }

  private:
    SqlitePages(const RpmFile& file, const RpmFile* wal) : file_(&file), wal_(wal) {}

    Status read_header();
    Status read_wal();
    bool check_wal_header(ByteView header);
    Result<FileContent> read(std::uint32_t number) const;

    const RpmFile* file_;
    const RpmFile* wal_;
    std::size_t page_bytes_ = 0;
    std::size_t usable_bytes_ = 0;
    std::uint32_t count_ = 0;
    std::optional<std::uint32_t> committed_; ///< pages after the log's last transaction
    std::unordered_map<std::uint32_t, std::uint64_t> in_wal_; ///< page -> offset in the log
    std::vector<bool> taken_;
    std::string flaw_;
};

} // namespace bulla::sbom
