// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/core/bytes.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bulla::sbom {

/// The attributes of a jar's manifest (JAR File Specification, "JAR Manifest") that tell names,
/// versions and licences: of the main section, and of the sections for single packages those that
/// it has not. Lines may end in CR LF, LF or CR, and a line that begins with a blank continues the
/// one before, at any byte. Lines that are none are skipped; values are cut at
/// limits::kPackageFieldBytes.
struct JavaManifest {
    std::vector<std::pair<std::string, std::string>> attributes; ///< names as written
    bool main_section_ended = false; ///< by an empty line: cut text may lack attributes otherwise
};

/// Reads as much as there is: any bytes are a manifest.
JavaManifest parse_java_manifest(ByteView text);

} // namespace bulla::sbom
