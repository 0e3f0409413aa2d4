// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sbom/model/package.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bulla::sbom {

enum class SubjectKind : std::uint8_t {
    image,
    directory, ///< a folder with files: has a name, and nothing else of what follows
};

/// What an Sbom is about: one image for one platform. Every text may be empty if it is not known;
/// digests are in the form "algorithm:hex".
struct SbomSubject {
    std::string name;       ///< what a person calls it: "registry.example/team/app:1"
    std::string repository; ///< registry and repository without tag: "registry.example/team/app"
    std::string tag;        ///< the tag that was asked for
    std::string manifest_digest; ///< of the platform manifest that was read
    std::string index_digest;    ///< of the index that led to it
    std::string config_digest;
    std::string os;
    std::string architecture; ///< in OCI's spelling: "amd64"
    std::string variant;
    std::string created; ///< the configuration's `created`, RFC 3339
    std::vector<std::pair<std::string, std::string>> labels; ///< in any order
    SubjectKind kind = SubjectKind::image;
};

/// The operating system distribution as os-release has it (os-release(5)); absent fields are empty.
struct Distribution {
    std::string id; ///< lower case: "debian"
    std::string id_like;
    std::string name;
    std::string pretty_name;
    std::string version_id; ///< for Debian the point release ("12.5") where debian_version has it
    std::string version_codename;
    std::string build_id;
    std::string home_url;
    std::string cpe_name;
    Occurrence occurrence;

    /// The value of the purl qualifier `distro`: "debian-12.5", or the id alone for a rolling
    /// distribution.
    std::string qualifier() const;

    /// True if `family` is the id or one of the words of id_like.
    bool is_like(std::string_view family) const;
};

/// Something that was found and could not be read, so that a reader knows where the Sbom may be
/// incomplete.
struct Unknown {
    std::string path;
    std::string reason;

    friend auto operator<=>(const Unknown&, const Unknown&) = default;
    friend bool operator==(const Unknown&, const Unknown&) = default;
};

/// What is in an image. Everything is in a total order, so that the same image gives the same Sbom:
/// packages by reference_of, one per reference, relationships by their members.
struct Sbom {
    SbomSubject subject;
    std::vector<std::string> layers; ///< digests, base first
    std::optional<Distribution> distribution;
    std::vector<Package> packages;
    std::vector<Relationship> relationships;
    std::vector<Unknown> unknowns;
};

} // namespace bulla::sbom
