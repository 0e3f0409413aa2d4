// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sbom/catalogers/cataloger.hpp"

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

namespace bulla::sbom {

/// Puts the findings of all catalogers together: one package per reference, in a total order that
/// does not depend on the order of discovery.
class Merger {
  public:
    /// Adds the next cataloger's findings. They are copied from, because their owner is asked about
    /// them later.
    void add(const Findings& findings);

    /// The real paths of the evidence of language packages, sorted, unique.
    std::vector<std::string> language_evidence();

    /// Says that package `owner` of the `cataloger`-th findings installed the path of that index in
    /// `language_evidence`, which must have been called.
    void add_owner(std::size_t cataloger, std::uint32_t owner, std::uint32_t path);

    /// The merged Sbom: packages, relationships and unknowns. The merger is spent.
    Sbom finish();

  private:
    std::uint32_t merge_package(const Package& package);

    Sbom sbom_;
    std::unordered_map<std::string, std::uint32_t> by_reference_;
    std::vector<std::vector<std::uint32_t>> merged_; ///< per findings: index there -> index here
    std::vector<std::pair<std::string, std::uint32_t>> evidence_; ///< path, package; sorted
    std::vector<std::string> evidence_paths_;
};

} // namespace bulla::sbom
