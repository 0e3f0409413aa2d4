// SPDX-License-Identifier: Apache-2.0
#include "sbom/catalogers/merge.hpp"

#include <algorithm>

namespace bulla::sbom {
namespace {

template <class T> void sort_unique(std::vector<T>& values) {
    std::sort(values.begin(), values.end());
    values.erase(std::unique(values.begin(), values.end()), values.end());
}

template <class T> void append(std::vector<T>& to, const std::vector<T>& from) {
    to.insert(to.end(), from.begin(), from.end());
}

/// Two copies of one package may differ in what they say of themselves (a repackaged copy); the
/// smaller text wins, so that the order of discovery does not matter, and any text beats none.
void merge_text(std::string& to, const std::string& from) {
    if (to.empty() || (!from.empty() && from < to)) {
        to = from;
    }
}

/// Whoever installed an archive installed what is in it.
std::string file_of(const Package& package, const Occurrence& occurrence) {
    return package.type == PackageType::maven
               ? occurrence.path.substr(0, occurrence.path.find("!/"))
               : occurrence.path;
}

} // namespace

std::uint32_t Merger::merge_package(const Package& package) {
    const auto [it, is_new] = by_reference_.try_emplace(
        reference_of(package), static_cast<std::uint32_t>(sbom_.packages.size()));
    if (is_new) {
        sbom_.packages.push_back(package);
        return it->second;
    }
    Package& merged = sbom_.packages[it->second];
    merge_text(merged.name, package.name);
    merge_text(merged.maintainer, package.maintainer);
    merge_text(merged.author, package.author);
    merge_text(merged.description, package.description);
    merge_text(merged.homepage, package.homepage);
    append(merged.licenses, package.licenses);
    append(merged.occurrences, package.occurrences);
    append(merged.properties, package.properties);
    return it->second;
}

void Merger::add(const Findings& findings) {
    std::vector<std::uint32_t>& merged = merged_.emplace_back();
    merged.reserve(findings.packages.size());
    for (const Package& package : findings.packages) {
        merged.push_back(merge_package(package));
        if (is_of_operating_system(package.type)) {
            continue;
        }
        for (const Occurrence& occurrence : package.occurrences) {
            evidence_.emplace_back(file_of(package, occurrence), merged.back());
        }
    }
    for (const auto& [from, to] : findings.dependencies) {
        if (merged[from] != merged[to]) {
            sbom_.relationships.push_back(
                {merged[from], Relationship::Kind::depends_on, merged[to]});
        }
    }
    append(sbom_.unknowns, findings.unknowns);
}

std::vector<std::string> Merger::language_evidence() {
    sort_unique(evidence_);
    for (const auto& [path, package] : evidence_) {
        if (evidence_paths_.empty() || evidence_paths_.back() != path) {
            evidence_paths_.push_back(path);
        }
    }
    return evidence_paths_;
}

void Merger::add_owner(std::size_t cataloger, std::uint32_t owner, std::uint32_t path) {
    const std::string& wanted = evidence_paths_[path];
    auto it = std::lower_bound(
        evidence_.begin(), evidence_.end(), std::pair<std::string, std::uint32_t>(wanted, 0));
    for (; it != evidence_.end() && it->first == wanted; ++it) {
        sbom_.relationships.push_back(
            {it->second, Relationship::Kind::owned_by, merged_[cataloger][owner]});
    }
}

Sbom Merger::finish() {
    std::vector<std::pair<std::string, std::uint32_t>> order;
    order.reserve(sbom_.packages.size());
    for (std::uint32_t i = 0; i < sbom_.packages.size(); ++i) {
        order.emplace_back(reference_of(sbom_.packages[i]), i);
    }
    std::sort(order.begin(), order.end());
    std::vector<std::uint32_t> position(order.size());
    std::vector<Package> sorted;
    sorted.reserve(order.size());
    for (const auto& [reference, index] : order) {
        position[index] = static_cast<std::uint32_t>(sorted.size());
        sorted.push_back(std::move(sbom_.packages[index]));
        sort_unique(sorted.back().licenses);
        sort_unique(sorted.back().occurrences);
        sort_unique(sorted.back().properties);
    }
    sbom_.packages = std::move(sorted);
    for (Relationship& relationship : sbom_.relationships) {
        relationship.from = position[relationship.from];
        relationship.to = position[relationship.to];
    }
    sort_unique(sbom_.relationships);
    sort_unique(sbom_.unknowns);
    return std::move(sbom_);
}

} // namespace bulla::sbom
