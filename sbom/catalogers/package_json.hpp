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

/// What a package.json says (npm, "package.json"); absent fields are empty.
struct PackageJson {
    std::string name;
    std::string version;
    std::string description;
    std::string homepage;
    std::string author; ///< "Name <mail>"
    std::vector<License> licenses;
    std::vector<std::string> dependencies; ///< names of dependencies and optionalDependencies
};

/// Parses a package.json: a JSON object of at most limits::kKeptFileBytes, after a byte order mark
/// if there is one; of keys given twice the last counts, as in JavaScript. Fields of an unexpected
/// type are taken as absent.
Result<PackageJson> parse_package_json(ByteView text);

/// One entry of npm's own list of what it put into a node_modules folder.
struct NpmLockEntry {
    std::string path; ///< relative to the folder that holds node_modules: "node_modules/a"
    std::string name; ///< empty where it is the last part of the path
    std::string version;
    std::string link_target; ///< of a link: the entry's path it leads to
};

/// Parses a hidden lockfile, node_modules/.package-lock.json (npm, "package-lock.json"). The
/// entries are in the order of the file, at most limits::kPackages.
Result<std::vector<NpmLockEntry>> parse_npm_lock(ByteView text);

/// Where a package.json lies, if that is an installed package's place.
struct NpmPlace {
    std::string_view folder; ///< of the package: "app/node_modules/@scope/name"
    std::string_view name;   ///< under which node finds it: "@scope/name"
};

/// The place of an installed package, or nothing for the package.json of a template or fixture. A
/// package is installed in a node_modules folder that is the outermost of its path, or lies
/// directly in an installed package or in an entry of a store beside the packages
/// (node_modules/.pnpm/ENTRY/node_modules).
std::optional<NpmPlace> find_npm_place(std::string_view path);

} // namespace bulla::sbom
