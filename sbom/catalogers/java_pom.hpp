// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/core/bytes.hpp"
#include "base/core/result.hpp"
#include "sbom/catalogers/java_facts.hpp"

namespace bulla::sbom {

/// Reads Maven's pom.properties (java.util.Properties, as far as Maven writes it): groupId,
/// artifactId and version of what was built. Any bytes are one; what is missing stays empty.
void parse_pom_properties(ByteView text, JavaModule& module);

/// Reads a POM (Maven's "POM Reference"): fills what `module` lacks. groupId and version come from
/// the parent where the project has none; "${name}" is replaced by the POM's own properties and its
/// own coordinates, and a value that still holds one afterwards is no value. malformed if it is not
/// XML or no project, limit_exceeded if larger than limits::kPomBytes.
Status parse_pom_xml(ByteView text, JavaModule& module);

} // namespace bulla::sbom
