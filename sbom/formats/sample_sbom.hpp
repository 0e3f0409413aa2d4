// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sbom/model/sbom.hpp"

#include <string>

namespace bulla::test {

/// A small Sbom with something of everything: two packages that need one another, one that another
/// owns, all kinds of licences, a package without purl.
inline sbom::Sbom sample_sbom() {
    using sbom::License;
    using sbom::Relationship;
    sbom::Sbom sbom;
    sbom.subject = {.name = "registry.example/team/app:1",
                    .repository = "registry.example/team/app",
                    .tag = "1",
                    .manifest_digest = "sha256:" + std::string(64, 'a'),
                    .index_digest = "sha256:" + std::string(64, 'b'),
                    .config_digest = "sha256:" + std::string(64, 'c'),
                    .os = "linux",
                    .architecture = "amd64",
                    .variant = "",
                    .created = "2026-01-02T03:04:05Z",
                    .labels = {{"maintainer", "somebody"}}};
    sbom.layers = {"sha256:base", "sha256:top"};
    sbom.distribution.emplace();
    sbom.distribution->id = "debian";
    sbom.distribution->version_id = "12.5";
    sbom.distribution->home_url = "https://www.debian.org/";
    sbom.distribution->occurrence = {"usr/lib/os-release", 0};
    const auto add = [&](sbom::PackageType type, std::string name, std::string purl) {
        sbom::Package package;
        package.type = type;
        package.name = std::move(name);
        package.version = "1";
        package.purl = std::move(purl);
        package.occurrences = {{"var/lib/dpkg/status", 1}};
        sbom.packages.push_back(std::move(package));
    };
    using sbom::PackageType;
    add(PackageType::deb, "nameless", "");
    add(PackageType::deb, "liba", "pkg:deb/debian/liba@1?arch=amd64");
    add(PackageType::deb, "libb", "pkg:deb/debian/libb@1?arch=amd64");
    add(PackageType::npm, "@s/n", "pkg:npm/%40s/n@1");
    add(PackageType::pypi, "x", "pkg:pypi/x@1.0");
    sbom.packages[0].licenses = {{License::Kind::expression, "MIT OR ISC"}};
    sbom.packages[1].licenses = {{License::Kind::id, "MIT"},
                                 {License::Kind::expression, "ISC AND Zlib"},
                                 {License::Kind::name, "public-domain"}};
    sbom.packages[1].maintainer = "Some Body <some.body@mail.example>";
    sbom.packages[1].homepage = "https://liba.example/?a=b#c";
    sbom.packages[3].author = "Some One <some+one@mail.example>";
    sbom.packages[4].occurrences = {{"usr/lib/x-1.0.dist-info/METADATA", 1}};
    sbom.relationships = {{1, Relationship::Kind::depends_on, 2},
                          {2, Relationship::Kind::depends_on, 1},
                          {4, Relationship::Kind::depends_on, 0},
                          {4, Relationship::Kind::depends_on, 3},
                          {4, Relationship::Kind::owned_by, 1}};
    return sbom;
}

} // namespace bulla::test
