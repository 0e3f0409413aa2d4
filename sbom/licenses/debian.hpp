// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/core/bytes.hpp"
#include "sbom/model/license.hpp"

#include <string_view>
#include <vector>

namespace bulla::sbom {

/// A licence short name of Debian's machine-readable copyright format ("GPL-2+", "Expat", "GPL-2+
/// or Artistic") as a License: an SPDX identifier or expression if every name in it has an exact
/// counterpart, else the name as recorded. Names of that format win over SPDX identifiers of the
/// same spelling.
License classify_debian_license(std::string_view short_name);

/// The licences that a Debian copyright file declares, sorted and unique, at most
/// limits::kLicensesPerPackage. In the machine-readable format: the short names of all License
/// fields. In any other text nothing is guessed; only names of files in /usr/share/common-licenses
/// that it mentions are given.
std::vector<License> parse_debian_copyright(ByteView text);

} // namespace bulla::sbom
