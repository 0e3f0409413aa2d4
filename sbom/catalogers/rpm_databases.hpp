// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/io/file_view.hpp"
#include "sbom/catalogers/rpm_package.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

namespace bulla::sbom {

/// One rpm database of an image.
struct RpmDatabase {
    enum class Format : std::uint8_t { sqlite, ndb, bdb };

    Format format;
    FileEntry file;
    std::optional<FileEntry> wal; ///< SQLite's write-ahead log
    bool has_journal = false;     ///< SQLite's record of a transaction that was not finished
};

/// The databases at the places where distributions keep them. Of several formats in one folder the
/// newest counts, as it does for rpm itself; a database that links make reachable at two places is
/// given once.
std::vector<RpmDatabase> find_rpm_databases(const FileView& view);

/// Called with each package's header and the same as a record.
using RpmPackageSink = std::function<Status(const RpmHeader&, const RpmRecord&)>;

/// Calls `visit` for each package of a database, always in the same order; public keys are left
/// out. What is wrong with the database is added to `unknowns`; errors of `visit` and of this
/// machine are handed on.
Status for_each_rpm(const FileView& view,
                    const RpmDatabase& database,
                    std::vector<Unknown>& unknowns,
                    const RpmPackageSink& visit);

} // namespace bulla::sbom
