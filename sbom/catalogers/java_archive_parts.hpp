// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

/// What the names in a Java archive mean to its scanner.
namespace bulla::sbom {

enum class JavaPart : std::uint8_t {
    other,
    class_file,
    manifest,   ///< META-INF/MANIFEST.MF in any case, as the runtime finds it
    properties, ///< pom.properties among Maven's records
    pom,        ///< pom.xml there
    archive,
};

JavaPart java_part_of(std::string_view name);

/// True if a name ends like an archive that java_archive_scanner reads, in any case.
bool is_java_archive_name(std::string_view name);

} // namespace bulla::sbom
