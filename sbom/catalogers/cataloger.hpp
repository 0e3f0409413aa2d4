// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/core/result.hpp"
#include "base/io/file_view.hpp"
#include "base/walk/entry_router.hpp"
#include "sbom/model/sbom.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bulla::sbom {

/// What a cataloger may know beside the files.
struct CatalogContext {
    std::optional<Distribution> distribution; ///< of the image, if os-release told it
    unsigned jobs = 1; ///< threads that a cataloger may use, at least 1; changes no result
};

/// What one cataloger found, in any order; indexes are into `packages`. Several packages may have
/// one purl: the merge makes one of them.
struct Findings {
    std::vector<Package> packages;
    std::vector<std::pair<std::uint32_t, std::uint32_t>> dependencies; ///< who needs, who is needed
    std::vector<Unknown> unknowns;
    std::optional<Distribution> distribution; ///< only from the os-release cataloger

    /// Adds a package and returns its index. More than limits::kPackages is limit_exceeded.
    Result<std::uint32_t> add(Package package);

    /// Adds a dependency; one on itself is ignored. More than limits::kRelationships is
    /// limit_exceeded.
    Status add_dependency(std::uint32_t from, std::uint32_t to);
};

/// Which package of an operating system's package manager installed which of some files.
class OwnershipQuery {
  public:
    /// `paths` are real paths of evidence, sorted, unique.
    OwnershipQuery(const FileView& view, std::vector<std::string> paths);

    bool is_empty() const { return paths_.empty(); }

    /// False if no asked-for path ends in the last component of `recorded`.
    bool may_match(std::string_view recorded) const;

    /// The index of the asked-for path that `recorded` leads to, over symlinks (a database says
    /// "bin/x" where the tree has usr/bin/x); nothing if it is none of them. Costs no more than a
    /// look at the last two bytes for nearly all files.
    std::optional<std::uint32_t> find(std::string_view recorded) const;

  private:
    const FileView& view_;
    std::vector<std::string> paths_;
    std::vector<std::size_t> names_; ///< hashes of last components, sorted, unique
    std::vector<bool> endings_;      ///< which last two bytes a last component has
};

/// Called with the owner's index in the cataloger's own findings and the index of the path.
using OwnerSink = std::function<void(std::uint32_t owner, std::uint32_t path)>;

/// Finds the packages of one ecosystem in a tree of files. Stateless; safe to share between
/// threads.
class Cataloger {
  public:
    virtual ~Cataloger() = default;

    /// Unique, lower case: "dpkg".
    virtual std::string_view id() const = 0;

    /// Raised with every change of what `patterns` keeps or of how it is read.
    virtual std::uint32_t version() const = 0;

    /// The files whose content it wants.
    virtual std::vector<walk::PathPattern> patterns() const = 0;

    /// The scanners whose facts it reads (FileView::for_each_scanned). Catalogers may share one.
    virtual std::vector<walk::ScannerKind> scanners() const { return {}; }

    /// Finds packages. A file that cannot be read or understood becomes an Unknown and the rest
    /// goes on; an error means that nothing found so far can be relied on (a limit, a failed disk).
    virtual Status
    catalog(const FileView& view, const CatalogContext& context, Findings& findings) const = 0;

    /// Names the owners of evidence of other catalogers. `own` is what `catalog` found, unchanged.
    /// Only package managers of an operating system answer.
    virtual Status find_owners(const FileView& view,
                               const Findings& own,
                               const OwnershipQuery& query,
                               const OwnerSink& sink) const;
};

/// Reads a file of interest. A file that the view did not keep, or that is damaged, becomes an
/// Unknown and nothing is returned; a failure of this machine is an error.
Result<std::optional<FileContent>>
read_evidence(const FileView& view, const FileEntry& file, Findings& findings);

/// `text` without surrounding white space, cut at limits::kPackageFieldBytes.
std::string field_text(std::string_view text);

/// As field_text, only up to the first line break.
std::string first_line(std::string_view text);

} // namespace bulla::sbom
