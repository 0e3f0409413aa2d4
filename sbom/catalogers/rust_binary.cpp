// SPDX-License-Identifier: Apache-2.0
#include "sbom/catalogers/catalogers.hpp"
#include "sbom/catalogers/executable_facts.hpp"
#include "sbom/catalogers/executable_scanner.hpp"
#include "sbom/catalogers/rust_audit.hpp"
#include "sbom/model/package_url.hpp"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace bulla::sbom {
namespace {

constexpr std::string_view kRegistry = "crates.io";

/// A package URL of type cargo without a repository names a crate of crates.io. For the others the
/// program tells only what kind of place they came from, so they have none.
std::string purl_of(const RustCrate& crate) {
    if (crate.source != kRegistry) {
        return {};
    }
    auto purl = PackageUrl::make({.type = "cargo",
                                  .name_space = {},
                                  .name = crate.name,
                                  .version = crate.version,
                                  .qualifiers = {},
                                  .subpath = {}});
    return purl ? purl->to_string() : std::string();
}

Package package_of(const RustCrate& crate, const FileEntry& file, std::string_view architecture) {
    Package package;
    package.type = PackageType::cargo;
    package.name = crate.name;
    package.version = crate.version;
    package.purl = purl_of(crate);
    package.occurrences.push_back({file.path, file.layer});
    if (crate.source != kRegistry) {
        package.properties.push_back({"cargo:source", crate.source});
    }
    if (crate.is_root && !architecture.empty()) {
        package.properties.push_back({"cargo:architecture", std::string(architecture)});
    }
    return package;
}

Status add_program(const FileEntry& file, const ExecutableFacts& facts, Findings& findings) {
    const auto crates = parse_rust_audit(facts.rust_crates);
    if (!crates) {
        findings.unknowns.push_back({file.path, crates.error().message});
        return ok();
    }
    // What only ran while the program was built is not in it.
    std::vector<std::optional<std::uint32_t>> indexes(crates->size());
    for (std::size_t i = 0; i < crates->size(); ++i) {
        if (!(*crates)[i].is_build) {
            BULLA_TRY_ASSIGN(indexes[i],
                             findings.add(package_of((*crates)[i], file, facts.architecture)));
        }
    }
    for (std::size_t i = 0; i < crates->size(); ++i) {
        for (const std::uint32_t dependency : (*crates)[i].dependencies) {
            if (indexes[i] && indexes[dependency]) {
                BULLA_TRY(findings.add_dependency(*indexes[i], *indexes[dependency]));
            }
        }
    }
    return ok();
}

class RustBinaryCataloger final : public Cataloger {
  public:
    std::string_view id() const override { return "rust-binary"; }

    std::uint32_t version() const override { return 1; }

    std::vector<walk::PathPattern> patterns() const override { return {}; }

    std::vector<walk::ScannerKind> scanners() const override { return {executable_scanner()}; }

    Status catalog(const FileView& view,
                   const CatalogContext& /*context*/,
                   Findings& findings) const override {
        return for_each_executable(
            view,
            [&](const FileEntry& file, const ExecutableFacts& facts) -> Status {
                if (!facts.rust_problem.empty()) {
                    findings.unknowns.push_back({file.path, facts.rust_problem});
                }
                return facts.rust_crates.empty() ? ok() : add_program(file, facts, findings);
            },
            [](const FileEntry&, const Error&) {
                // The Go cataloger, which reads the same facts, says so.
            });
    }
};

} // namespace

std::unique_ptr<const Cataloger> make_rust_binary_cataloger() {
    return std::make_unique<RustBinaryCataloger>();
}

} // namespace bulla::sbom
