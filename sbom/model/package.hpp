// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sbom/model/license.hpp"

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace bulla::sbom {

/// The ecosystem that names and versions a package: the `type` of its package URL.
enum class PackageType : std::uint8_t { apk, cargo, deb, golang, maven, npm, pypi, rpm };

/// The package URL type, spelt as the value is: "apk".
std::string_view to_string(PackageType type);

/// True if an operating system's package manager installs packages of this type: they own files,
/// and packages of other types may be among these.
bool is_of_operating_system(PackageType type);

/// One place where a package was found.
struct Occurrence {
    /// FileEntry's form. What lies inside of an archive is "outer.jar!/inner.jar".
    std::string path;
    std::uint32_t layer = 0; ///< index into Sbom::layers; meaningless if that is empty

    friend auto operator<=>(const Occurrence&, const Occurrence&) = default;
    friend bool operator==(const Occurrence&, const Occurrence&) = default;
};

/// A named text that has no field of its own. The name has no prefix; encoders put "bulla:" before
/// it.
struct Property {
    std::string name;
    std::string value;

    friend auto operator<=>(const Property&, const Property&) = default;
    friend bool operator==(const Property&, const Property&) = default;
};

/// A package as its ecosystem's own records describe it.
struct Package {
    PackageType type = PackageType::deb;
    std::string name;         ///< as recorded; an npm scope or a Maven group is part of it
                              ///< ("@scope/name", "group:artifact"); never empty
    std::string version;      ///< as recorded; empty if none is
    std::string architecture; ///< as recorded; empty where the ecosystem has none
    std::string purl; ///< canonical package URL; empty if the package cannot have one (an OS
                      ///< package of an unknown distribution)
    std::string maintainer;
    std::string author;
    std::string description;             ///< one line
    std::string homepage;                ///< a URL, or empty
    std::vector<License> licenses;       ///< sorted, unique
    std::vector<Occurrence> occurrences; ///< sorted, unique
    std::vector<Property> properties;    ///< sorted, unique
};

/// What identifies a package in a document: its purl, or a made-up reference where it has none.
std::string reference_of(const Package& package);

/// How two packages of one Sbom are related; the indexes are into Sbom::packages.
struct Relationship {
    enum class Kind : std::uint8_t {
        depends_on, ///< `from` says that it needs `to`
        owned_by,   ///< the evidence of `from` is a file that `to` installed
    };

    std::uint32_t from = 0;
    Kind kind = Kind::depends_on;
    std::uint32_t to = 0;

    friend auto operator<=>(const Relationship&, const Relationship&) = default;
    friend bool operator==(const Relationship&, const Relationship&) = default;
};

} // namespace bulla::sbom
