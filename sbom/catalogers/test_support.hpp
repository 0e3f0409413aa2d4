// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sbom/catalogers/catalogers.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/memory_file_view.hpp"

#include <algorithm>
#include <string>
#include <vector>

/// What the catalogers' tests share.
namespace bulla::test {

using Strings = std::vector<std::string>;

inline constexpr std::string_view kDebian = "ID=debian\nVERSION_ID=\"12\"\n";
inline constexpr std::string_view kAlpine = "ID=alpine\nVERSION_ID=3.20.1\n";

inline sbom::Sbom catalog(const FileView& view) {
    return value_of(sbom::catalog(view, {}, {}));
}

/// "name version" of every package, sorted.
inline Strings names_of(const sbom::Sbom& sbom) {
    Strings names;
    for (const sbom::Package& package : sbom.packages) {
        names.push_back(package.version.empty() ? package.name
                                                : package.name + " " + package.version);
    }
    std::sort(names.begin(), names.end());
    return names;
}

inline const sbom::Package& package_named(const sbom::Sbom& sbom, std::string_view name) {
    const auto it = std::find_if(sbom.packages.begin(),
                                 sbom.packages.end(),
                                 [&](const sbom::Package& p) { return p.name == name; });
    if (it == sbom.packages.end()) {
        FAIL("no package " << name);
    }
    return *it;
}

/// "from > to" of every relationship of a kind, sorted.
inline Strings edges_of(const sbom::Sbom& sbom,
                        sbom::Relationship::Kind kind = sbom::Relationship::Kind::depends_on) {
    Strings edges;
    for (const sbom::Relationship& edge : sbom.relationships) {
        if (edge.kind == kind) {
            edges.push_back(sbom.packages[edge.from].name + " > " + sbom.packages[edge.to].name);
        }
    }
    std::sort(edges.begin(), edges.end());
    return edges;
}

} // namespace bulla::test
