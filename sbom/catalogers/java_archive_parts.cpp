// SPDX-License-Identifier: Apache-2.0
#include "sbom/catalogers/java_archive_parts.hpp"

#include "base/core/text.hpp"

#include <algorithm>
#include <array>

namespace bulla::sbom {
namespace {

constexpr std::array<std::string_view, 12> kEndings{
    "ear", "far", "hpi", "jar", "jpi", "kar", "lpkg", "nar", "par", "rar", "sar", "war"};

constexpr std::string_view kManifest = "META-INF/MANIFEST.MF";
constexpr std::string_view kMavenFolder = "META-INF/maven/";

/// Maven's records lie in META-INF/maven/GROUP/ARTIFACT, in a web application perhaps in a folder
/// of classes. A POM anywhere else is somebody's resource (a project template).
bool is_in_maven_folder(std::string_view name) {
    const std::size_t at = name.find(kMavenFolder);
    return at == 0 || (at != std::string_view::npos && name[at - 1] == '/');
}

} // namespace

JavaPart java_part_of(std::string_view name) {
    if (name.ends_with(".class")) {
        return JavaPart::class_file;
    }
    if (name.size() == kManifest.size() && text::equal_ignoring_case(name, kManifest)) {
        return JavaPart::manifest;
    }
    if (name.ends_with("/pom.properties")) {
        return is_in_maven_folder(name) ? JavaPart::properties : JavaPart::other;
    }
    if (name.ends_with("/pom.xml")) {
        return is_in_maven_folder(name) ? JavaPart::pom : JavaPart::other;
    }
    return is_java_archive_name(name) ? JavaPart::archive : JavaPart::other;
}

bool is_java_archive_name(std::string_view name) {
    const std::size_t dot = name.rfind('.');
    return dot != std::string_view::npos &&
           std::any_of(kEndings.begin(), kEndings.end(), [&](std::string_view ending) {
               return text::equal_ignoring_case(name.substr(dot + 1), ending);
           });
}

} // namespace bulla::sbom
