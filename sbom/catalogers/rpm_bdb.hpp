// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sbom/catalogers/rpm_file.hpp"

namespace bulla::sbom {

/// Reads a Berkeley DB hash (Packages) of either byte order: buckets of chained pages whose items
/// are pairs of a package's number and its header, the latter mostly in a chain of overflow pages.
/// Calls `sink` for each header, bucket by bucket. Anything that is not as it should be is
/// malformed, an encrypted or checksummed database unsupported; headers before it have been handed
/// over by then.
Status read_rpm_bdb(const RpmFile& file, const RpmHeaderSink& sink);

} // namespace bulla::sbom
