// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sbom/model/package.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace bulla::sbom {

/// Who needs whom, by package index; made from the depends_on relationships of an Sbom.
class DependencyGraph {
  public:
    /// `relationships` are sorted and unique, as in an Sbom.
    DependencyGraph(std::size_t packages, std::span<const Relationship> relationships);

    /// What a package needs, ascending.
    std::span<const std::uint32_t> dependencies_of(std::uint32_t package) const {
        return std::span(targets_).subspan(offsets_[package],
                                           offsets_[package + 1] - offsets_[package]);
    }

    /// The fewest packages from which all others are reached, ascending: those that nobody needs,
    /// and one of each group of packages that need one another and that nobody else needs.
    std::vector<std::uint32_t> roots() const;

  private:
    std::vector<std::uint32_t> finishing_order() const;

    std::vector<std::size_t> offsets_;
    std::vector<std::uint32_t> targets_;
};

} // namespace bulla::sbom
