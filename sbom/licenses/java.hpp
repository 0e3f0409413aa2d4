// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sbom/model/license.hpp"

#include <string_view>
#include <vector>

namespace bulla::sbom {

/// A licence as a POM declares it, by name and URL, either of which may be empty (both empty: no
/// licence, and its value is empty too). An SPDX identifier where the name or the URL means exactly
/// one licence of the list, else the name as recorded, else the URL.
License classify_pom_license(std::string_view name, std::string_view url);

/// The licences of an OSGi Bundle-License (OSGi Core, "Bundle-License"): names or URLs separated by
/// commas, each perhaps with directives behind a semicolon. "<<EXTERNAL>>" says nothing and is left
/// out.
std::vector<License> parse_bundle_license(std::string_view header);

} // namespace bulla::sbom
