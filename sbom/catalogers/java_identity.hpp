// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sbom/catalogers/java_facts.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// Which Maven module an archive is. Nothing is guessed that the archive or its name does not say,
/// but for the group of well-known artifacts, which stands in a table.
namespace bulla::sbom {

/// What told the identity, the best first.
enum class JavaEvidence : std::uint8_t { pom_properties, pom_xml, manifest, file_name };

/// "pom.properties", "pom.xml", "manifest" or "file-name".
std::string_view to_string(JavaEvidence evidence);

struct JavaIdentity {
    std::string group; ///< empty if nothing tells it
    std::string artifact;
    std::string version; ///< empty if nothing tells it
    JavaEvidence evidence = JavaEvidence::file_name;
    std::optional<std::size_t> module; ///< the archive's module that it is itself
};

/// The identity of an archive of that file name (last component, with its ending). In this order:
/// the module of Maven's records that the file name or the manifest names; the only module if Maven
/// built the archive or no build left pom.properties; the manifest together with the file name.
/// Nothing if no name is told, or neither a version nor a name by the manifest.
std::optional<JavaIdentity> identify_java_archive(const JavaArchive& archive,
                                                  std::string_view file_name);

/// A module's own identity; nothing if its artifact or version is not told. The group may come from
/// the table.
std::optional<JavaIdentity> identify_java_module(const JavaModule& module);

/// A file name without its ending as name and version: "guava-33.0.0-jre" is "guava" and
/// "33.0.0-jre". The version begins at the first dash before a digit, unless a longer name is that
/// of a known artifact ("log4j-1.2-api-2.20.0"); "r09", "rc1" and "build7" are versions too, and
/// "_1.2" where no dash is. A platform behind the version ("-linux-x86_64") is cut. Views into
/// `stem`.
struct JarName {
    std::string_view name;
    std::string_view version; ///< empty if there is none
};

JarName split_jar_name(std::string_view stem);

/// The group of a well-known artifact of which only one group is known.
std::optional<std::string_view> find_java_group(std::string_view artifact);

} // namespace bulla::sbom
