// SPDX-License-Identifier: Apache-2.0
#include "sbom/catalogers/catalogers.hpp"
#include "sbom/catalogers/executable_facts.hpp"
#include "sbom/catalogers/executable_scanner.hpp"
#include "sbom/catalogers/go_build_info.hpp"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace bulla::sbom {
namespace {

void add_property(Package& package, std::string name, std::string_view value) {
    if (!value.empty()) {
        package.properties.push_back({std::move(name), field_text(value)});
    }
}

/// A requirement as it was really built. A folder that stands in for a module has no name of its
/// own: the module keeps its name, and loses the version, which is not what the folder holds.
Package package_of(const GoRequirement& requirement) {
    const auto& replacement = requirement.replacement;
    const bool is_folder = replacement && is_local_go_path(replacement->path);
    const GoModule& named = replacement && !is_folder ? *replacement : requirement.module;
    const GoModule& built = replacement ? *replacement : requirement.module;
    Package package;
    package.type = PackageType::golang;
    package.name = named.path;
    package.version = built.version;
    package.purl = go_purl(named.path, built.version);
    add_property(package, "golang:h1", built.sum);
    if (is_folder) {
        add_property(package, "golang:replaced-by", replacement->path);
    } else if (replacement) {
        std::string replaced(requirement.module.path);
        replaced += requirement.module.version.empty() ? "" : "@";
        replaced += requirement.module.version;
        add_property(package, "golang:replaces", replaced);
    }
    return package;
}

Package standard_library(std::string_view toolchain) {
    Package package;
    package.type = PackageType::golang;
    package.name = "stdlib";
    package.version = go_release_of(toolchain);
    package.purl = go_purl(package.name, package.version);
    add_property(package, "golang:toolchain", toolchain);
    return package;
}

/// The packages of one program; the list is flat, because the program does not say which module
/// needs which.
Status add_program(const FileEntry& file, const ExecutableFacts& facts, Findings& findings) {
    const auto info = parse_go_build_info(facts.go_modules);
    if (!info) {
        findings.unknowns.push_back({file.path, info.error().message});
    }
    const auto add = [&](Package package) {
        package.occurrences.push_back({file.path, file.layer});
        return findings.add(std::move(package));
    };
    std::optional<std::uint32_t> main;
    if (info && info->main) {
        // A version that Go did not record is not made up from the revision: a pseudo-version of
        // v0.0.0 would sort before every release, and every old vulnerability would seem to apply.
        Package package = package_of(*info->main);
        add_property(package, "golang:package", info->path);
        add_property(package, "golang:architecture", facts.architecture);
        add_property(package, "golang:vcs-revision", info->vcs_revision);
        add_property(package, "golang:vcs-time", info->vcs_time);
        add_property(package, "golang:vcs-modified", info->vcs_modified);
        BULLA_TRY_ASSIGN(main, add(std::move(package)));
    }
    BULLA_TRY_ASSIGN(const std::uint32_t library, add(standard_library(facts.go_version)));
    if (main) {
        BULLA_TRY(findings.add_dependency(*main, library));
    }
    for (const GoRequirement& requirement : info ? info->modules : std::vector<GoRequirement>()) {
        BULLA_TRY_ASSIGN(const std::uint32_t module, add(package_of(requirement)));
        if (main) {
            BULLA_TRY(findings.add_dependency(*main, module));
        }
    }
    return ok();
}

class GoBinaryCataloger final : public Cataloger {
  public:
    std::string_view id() const override { return "go-binary"; }

    std::uint32_t version() const override { return 1; }

    std::vector<walk::PathPattern> patterns() const override { return {}; }

    std::vector<walk::ScannerKind> scanners() const override { return {executable_scanner()}; }

    Status catalog(const FileView& view,
                   const CatalogContext& /*context*/,
                   Findings& findings) const override {
        return for_each_executable(
            view,
            [&](const FileEntry& file, const ExecutableFacts& facts) -> Status {
                if (!facts.go_problem.empty()) {
                    findings.unknowns.push_back({file.path, facts.go_problem});
                }
                return facts.go_version.empty() ? ok() : add_program(file, facts, findings);
            },
            [&](const FileEntry& file, const Error& error) {
                findings.unknowns.push_back({file.path, error.message});
            });
    }
};

} // namespace

std::unique_ptr<const Cataloger> make_go_binary_cataloger() {
    return std::make_unique<GoBinaryCataloger>();
}

} // namespace bulla::sbom
