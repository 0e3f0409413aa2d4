// SPDX-License-Identifier: Apache-2.0
#include "base/core/limits.hpp"
#include "base/core/text.hpp"
#include "sbom/catalogers/catalogers.hpp"
#include "sbom/catalogers/name_index.hpp"
#include "sbom/catalogers/python_metadata.hpp"
#include "sbom/model/package_url.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>

namespace bulla::sbom {
namespace {

constexpr std::array<std::string_view, 4> kGlobs{
    "**/*.dist-info/METADATA",
    "**/*.egg-info/PKG-INFO",
    "**/*.egg-info",
    "**/*.egg/EGG-INFO/PKG-INFO",
};

/// Parts of the interpreter itself, which pip does not count as installed either.
constexpr std::array<std::string_view, 3> kStandardLibrary{"argparse", "python", "wsgiref"};

bool is_packages_folder(std::string_view name) {
    return name == "site-packages" || name == "dist-packages";
}

std::string_view parent_of(std::string_view path) {
    const std::size_t slash = path.rfind('/');
    return slash == std::string_view::npos ? std::string_view() : path.substr(0, slash);
}

/// The folders that hold distributions, to tell environments from what is vendored inside of them
/// (setuptools/_vendor has dist-info folders of its own).
class Environments {
  public:
    void add(std::string_view folder) { with_dist_info_.emplace(folder); }

    bool is_environment(std::string_view folder) const {
        const bool is_packages = is_packages_folder(folder.substr(folder.rfind('/') + 1));
        for (std::string_view above = folder; !above.empty();) {
            above = parent_of(above);
            const std::string_view name = above.substr(above.rfind('/') + 1);
            if (is_packages_folder(name) ||
                (!is_packages && with_dist_info_.find(above) != with_dist_info_.end())) {
                return false;
            }
        }
        return true;
    }

  private:
    std::set<std::string, std::less<>> with_dist_info_;
};

/// One reading of an image.
class Run {
  public:
    Run(const FileView& view, Findings& findings) : view_(view), findings_(findings) {}

    Status add_packages();
    Status add_dependencies();

  private:
    Status add_file(const FileEntry& file, const PythonPlace& place);
    Status add_package(const FileEntry& file, const PythonPlace& place, PythonMetadata metadata);
    Status read_requires(const FileEntry& file, PythonMetadata& metadata);

    const FileView& view_;
    Findings& findings_;
    std::map<std::string, NameIndex, std::less<>> by_environment_;
    std::vector<std::pair<std::string, std::vector<std::string>>> wanted_; ///< environment, names
};

Status Run::add_packages() {
    std::map<std::string, FileEntry> files;
    for (const std::string_view glob : kGlobs) {
        view_.for_each_match(glob, [&](const FileEntry& file) { files.emplace(file.path, file); });
    }
    Environments environments;
    for (const auto& [path, file] : files) {
        if (const auto place = find_python_place(path); place && place->dist_info) {
            environments.add(place->environment);
        }
    }
    for (const auto& [path, file] : files) {
        const auto place = find_python_place(path);
        if (place && environments.is_environment(place->environment)) {
            BULLA_TRY(add_file(file, *place));
        }
    }
    return ok();
}

Status Run::add_file(const FileEntry& file, const PythonPlace& place) {
    BULLA_TRY_ASSIGN(const auto content, read_evidence(view_, file, findings_));
    if (!content) {
        return ok();
    }
    auto metadata = parse_python_metadata(content->bytes());
    if (!metadata) {
        findings_.unknowns.push_back({file.path, std::move(metadata.error().message)});
        return ok();
    }
    BULLA_TRY(read_requires(file, *metadata));
    return add_package(file, place, std::move(*metadata));
}

/// Old metadata has no Requires-Dist; setuptools writes requires.txt beside it.
Status Run::read_requires(const FileEntry& file, PythonMetadata& metadata) {
    if (!file.path.ends_with("/PKG-INFO") || !metadata.requirements.empty()) {
        return ok();
    }
    const auto requires_txt = view_.find(std::string(parent_of(file.path)) + "/requires.txt");
    if (!requires_txt || requires_txt->type != FileType::regular) {
        return ok();
    }
    BULLA_TRY_ASSIGN(const auto content, read_evidence(view_, *requires_txt, findings_));
    if (content) {
        metadata.requirements = parse_egg_requires(content->bytes());
    }
    return ok();
}

Status Run::add_package(const FileEntry& file, const PythonPlace& place, PythonMetadata metadata) {
    Package package;
    package.type = PackageType::pypi;
    package.name = metadata.name.empty() ? place.name : std::move(metadata.name);
    package.version = metadata.version.empty() ? place.version : std::move(metadata.version);
    const std::string normalised = normalise_python_name(package.name);
    if (std::find(kStandardLibrary.begin(), kStandardLibrary.end(), normalised) !=
        kStandardLibrary.end()) {
        return ok();
    }
    const auto purl = PackageUrl::make({.type = "pypi",
                                        .name_space = {},
                                        .name = normalised,
                                        .version = package.version,
                                        .qualifiers = {},
                                        .subpath = {}});
    package.purl = purl ? purl->to_string() : std::string();
    package.description = std::move(metadata.summary);
    package.homepage = std::move(metadata.homepage);
    package.author = std::move(metadata.author);
    package.licenses = std::move(metadata.licenses);
    package.occurrences.push_back({file.path, file.layer});
    BULLA_TRY_ASSIGN(const std::uint32_t index, findings_.add(std::move(package)));
    by_environment_[std::string(place.environment)].add(normalised, index);
    wanted_.emplace_back(place.environment, std::move(metadata.requirements));
    return ok();
}

Status Run::add_dependencies() {
    for (std::uint32_t i = 0; i < wanted_.size(); ++i) {
        const auto& [environment, names] = wanted_[i];
        const NameIndex& index = by_environment_.find(environment)->second;
        for (const std::string& name : names) {
            for (const std::uint32_t found : index.find(name)) {
                BULLA_TRY(findings_.add_dependency(i, found));
            }
        }
    }
    return ok();
}

class PythonCataloger final : public Cataloger {
  public:
    std::string_view id() const override { return "python"; }

    std::uint32_t version() const override { return 1; }

    std::vector<walk::PathPattern> patterns() const override {
        std::vector<walk::PathPattern> patterns;
        for (const std::string_view glob : kGlobs) {
            patterns.push_back({std::string(glob), limits::kKeptFileBytes});
        }
        patterns.push_back({"**/{*.egg-info,EGG-INFO}/requires.txt", limits::kKeptFileBytes});
        return patterns;
    }

    Status catalog(const FileView& view,
                   const CatalogContext& /*context*/,
                   Findings& findings) const override {
        Run run(view, findings);
        BULLA_TRY(run.add_packages());
        return run.add_dependencies();
    }
};

} // namespace

std::unique_ptr<const Cataloger> make_python_cataloger() {
    return std::make_unique<PythonCataloger>();
}

} // namespace bulla::sbom
