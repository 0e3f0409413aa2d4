// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/core/result.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bulla::sbom {

/// A package URL (ECMA-427): "pkg:type/namespace/name@version?qualifiers#subpath". Always valid and
/// normalised once constructed; the members are percent-decoded.
class PackageUrl {
  public:
    using Qualifiers = std::vector<std::pair<std::string, std::string>>;

    struct Parts {
        std::string type;
        std::string name_space; ///< segments joined with "/"
        std::string name;
        std::string version;
        Qualifiers qualifiers; ///< in any order
        std::string subpath;
    };

    /// Parses a package URL of at most limits::kPackageUrlBytes, from right to left as ECMA-427
    /// describes it. Malformed: no "pkg:" scheme, a type or qualifier key outside its alphabet, an
    /// empty name, a repeated qualifier key, a "%" that does not begin an escape, a missing
    /// namespace where the type requires one or one where the type forbids it.
    static Result<PackageUrl> parse(std::string_view text);

    /// Checks and normalises the parts. The same conditions as `parse`; qualifiers with empty
    /// values are dropped.
    static Result<PackageUrl> make(Parts parts);

    /// The canonical text: qualifiers sorted by key, every byte outside "A-Za-z0-9.-_~:" escaped
    /// except for the separators.
    std::string to_string() const;

    const std::string& type() const { return parts_.type; }

    const std::string& name_space() const { return parts_.name_space; }

    const std::string& name() const { return parts_.name; }

    const std::string& version() const { return parts_.version; }

    const Qualifiers& qualifiers() const { return parts_.qualifiers; }

    const std::string& subpath() const { return parts_.subpath; }

    friend bool operator==(const PackageUrl& a, const PackageUrl& b) {
        return a.to_string() == b.to_string();
    }

  private:
    explicit PackageUrl(Parts parts) : parts_(std::move(parts)) {}

    Parts parts_;
};

/// The name under which a Python package index files a project (PEP 503): lower case, each run of
/// "-", "_" and "." one "-".
std::string normalise_python_name(std::string_view name);

} // namespace bulla::sbom
