// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sbom/catalogers/rpm_file.hpp"

namespace bulla::sbom {

/// Reads rpm's own database format (Packages.db): a table of slots at the front, each naming a run
/// of 16-byte blocks that holds one header between a head and a tail with a checksum. Calls `sink`
/// for each header, in the order of the slots. Anything that is not as it should be is malformed;
/// headers before it have been handed over by then.
Status read_rpm_ndb(const RpmFile& file, const RpmHeaderSink& sink);

} // namespace bulla::sbom
