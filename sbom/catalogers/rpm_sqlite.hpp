// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sbom/catalogers/rpm_file.hpp"

namespace bulla::sbom {

/// Reads the table Packages of rpm's SQLite database (rpmdb.sqlite) and calls `sink` for the header
/// in each row, in the order of the rows. `wal` is the write-ahead log beside it, null if there is
/// none; what it has committed counts. Anything that is not as it should be is malformed; headers
/// before it have been handed over by then. A log that cannot be read is malformed too, after all
/// else has been read, because what it held may be missing.
Status read_rpm_sqlite(const RpmFile& file, const RpmFile* wal, const RpmHeaderSink& sink);

} // namespace bulla::sbom
