// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/core/bytes.hpp"
#include "base/core/result.hpp"
#include "sbom/model/license.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bulla::sbom {

/// What METADATA or PKG-INFO says (Python packaging, "Core metadata"); absent fields and the
/// placeholder "UNKNOWN" are empty.
struct PythonMetadata {
    std::string name;
    std::string version;
    std::string summary;
    std::string homepage;
    std::string author; ///< "Name <mail>", or what there is of it
    std::vector<License> licenses;
    std::vector<std::string> requirements; ///< normalised names of those that no extra guards
};

/// Parses the header of METADATA or PKG-INFO. Lenient, as its readers are: of a field that may
/// stand once, the last counts. More than limits::kControlFields fields is limit_exceeded.
Result<PythonMetadata> parse_python_metadata(ByteView text);

/// The normalised name that a requirement (PEP 508) asks for; nothing if an `extra` marker guards
/// it or there is no name.
std::optional<std::string> parse_requirement(std::string_view requirement);

/// The names in the part of an egg-info's requires.txt that stands before its first "[section]":
/// those that are always required.
std::vector<std::string> parse_egg_requires(ByteView text);

/// Where the metadata of a distribution lies.
struct PythonPlace {
    std::string_view environment; ///< the folder that would be on the module search path
    std::string name;             ///< as the file or folder name has it
    std::string version;          ///< likewise; may be empty
    bool dist_info = false;
};

/// The place of a METADATA, PKG-INFO or .egg-info file by its path; nothing for other paths and for
/// the leftovers ("~ip-1.0.dist-info") of an interrupted uninstallation.
std::optional<PythonPlace> find_python_place(std::string_view path);

/// The licence behind a trove classifier ("License :: OSI Approved :: MIT License"); nothing for
/// other classifiers.
std::optional<License> classify_trove_license(std::string_view classifier);

} // namespace bulla::sbom
