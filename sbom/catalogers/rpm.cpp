// SPDX-License-Identifier: Apache-2.0
#include "base/core/limits.hpp"
#include "sbom/catalogers/catalogers.hpp"
#include "sbom/catalogers/rpm_databases.hpp"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

namespace bulla::sbom {
namespace {

constexpr std::string_view kManifest = "var/lib/rpmmanifest/container-manifest-2";
/// RPMSENSE_RPMLIB: what the requirement names is a feature of rpm itself.
constexpr std::uint64_t kFeatureFlag = 1U << 24U;

/// The names that packages require, and who has them. What packages provide is only looked up here,
/// never stored: all the files of an image are provided names, and few are required.
class Requirements {
  public:
    /// `package` requires this.
    Status add(std::uint32_t package, std::string_view name);

    /// `package` has this name, its own or one it provides.
    void provide(std::uint32_t package, std::string_view name);

    /// `package` has this file; the folder ends in a slash.
    void provide_file(std::uint32_t package, std::string_view folder, std::string_view name);

    /// Adds a dependency for each requirement and each package that has it.
    Status resolve(Findings& findings) const;

  private:
    struct Hash {
        using is_transparent = void;

        std::size_t operator()(std::string_view text) const {
            return std::hash<std::string_view>{}(text);
        }
    };

    std::unordered_map<std::string, std::uint32_t, Hash, std::equal_to<>> numbers_;
    std::unordered_set<std::string, Hash, std::equal_to<>> folders_; ///< of required files
    std::vector<std::vector<std::uint32_t>> providers_;              ///< by number of the name
    std::vector<std::pair<std::uint32_t, std::uint32_t>> wanted_;    ///< package, number
    std::string path_;                                               ///< memory used again
};

Status Requirements::add(std::uint32_t package, std::string_view name) {
    if (wanted_.size() >= limits::kRelationships) {
        return Error{ErrorCode::limit_exceeded,
                     "expected at most " + std::to_string(limits::kRelationships) +
                         " requirements of packages, found more"};
    }
    auto it = numbers_.find(name);
    if (it == numbers_.end()) {
        it = numbers_.emplace(name, static_cast<std::uint32_t>(numbers_.size())).first;
        providers_.emplace_back();
        if (name.starts_with('/')) {
            folders_.emplace(name.substr(0, name.rfind('/') + 1));
        }
    }
    wanted_.emplace_back(package, it->second);
    return ok();
}

void Requirements::provide(std::uint32_t package, std::string_view name) {
    if (const auto it = numbers_.find(name); it != numbers_.end()) {
        std::vector<std::uint32_t>& providers = providers_[it->second];
        if (providers.empty() || providers.back() != package) {
            providers.push_back(package);
        }
    }
}

void Requirements::provide_file(std::uint32_t package,
                                std::string_view folder,
                                std::string_view name) {
    if (folders_.find(folder) != folders_.end()) {
        path_.assign(folder).append(name);
        provide(package, path_);
    }
}

Status Requirements::resolve(Findings& findings) const {
    for (const auto& [package, number] : wanted_) {
        const auto& candidates = providers_[number];
        const std::string& own = findings.packages[package].architecture;
        const auto fits = [&](std::uint32_t candidate) {
            const std::string& found = findings.packages[candidate].architecture;
            return found == own || found == "noarch" || own == "noarch";
        };
        // A package of another architecture counts only if none of its own has what is required.
        const bool some_fit = std::ranges::any_of(candidates, fits);
        for (const std::uint32_t candidate : candidates) {
            if (!some_fit || fits(candidate)) {
                BULLA_TRY(findings.add_dependency(package, candidate));
            }
        }
    }
    return ok();
}

/// Adds what a package requires of other packages: no features of rpm, and none of the conditions
/// in parentheses, which would have to be evaluated.
Status
add_requirements(const RpmHeader& header, std::uint32_t package, Requirements& requirements) {
    RpmTexts names = header.texts(RpmTag::require_name);
    const RpmNumbers flags = header.numbers(RpmTag::require_flags);
    for (std::size_t i = 0; const auto name = names.next(); ++i) {
        if ((flags.at(i).value_or(0) & kFeatureFlag) == 0 && !name->empty() &&
            !name->starts_with('(')) {
            BULLA_TRY(requirements.add(package, *name));
        }
    }
    return ok();
}

class RpmCataloger final : public Cataloger {
  public:
    std::string_view id() const override { return "rpm"; }

    std::uint32_t version() const override { return 1; }

    std::vector<walk::PathPattern> patterns() const override {
        return {{"{var/lib,usr/lib/sysimage,usr/share}/rpm/"
                 "{rpmdb.sqlite,rpmdb.sqlite-wal,Packages.db,Packages}",
                 limits::kPackageDatabaseBytes},
                {std::string(kManifest), limits::kKeptFileBytes}};
    }

    Status catalog(const FileView& view,
                   const CatalogContext& context,
                   Findings& findings) const override {
        const std::vector<RpmDatabase> databases = find_rpm_databases(view);
        Requirements requirements;
        for (const RpmDatabase& database : databases) {
            BULLA_TRY(add_packages(view, context, database, findings, requirements));
        }
        BULLA_TRY(add_providers(view, databases, requirements));
        BULLA_TRY(requirements.resolve(findings));
        return add_manifest(view, context, findings);
    }

    Status find_owners(const FileView& view,
                       const Findings& own,
                       const OwnershipQuery& query,
                       const OwnerSink& sink) const override {
        if (own.packages.empty()) {
            return ok();
        }
        std::string path;
        return for_each_package(
            view, find_rpm_databases(view), [&](const RpmHeader& header, std::uint32_t package) {
                header.for_each_file([&](std::string_view folder, std::string_view name) {
                    if (!query.may_match(name)) {
                        return;
                    }
                    path.assign(folder.substr(folder.starts_with('/') ? 1 : 0)).append(name);
                    if (const auto found = query.find(path)) {
                        sink(package, *found);
                    }
                });
            });
    }

  private:
    static Status add_packages(const FileView& view,
                               const CatalogContext& context,
                               const RpmDatabase& database,
                               Findings& findings,
                               Requirements& requirements) {
        return for_each_rpm(
            view,
            database,
            findings.unknowns,
            [&](const RpmHeader& header, const RpmRecord& record) -> Status {
                Package package = package_of(record, context);
                package.occurrences.push_back({database.file.path, database.file.layer});
                BULLA_TRY_ASSIGN(const std::uint32_t index, findings.add(std::move(package)));
                return add_requirements(header, index, requirements);
            });
    }

    /// The second reading: who has what the first found to be required.
    static Status add_providers(const FileView& view,
                                const std::vector<RpmDatabase>& databases,
                                Requirements& requirements) {
        return for_each_package(
            view, databases, [&](const RpmHeader& header, std::uint32_t package) {
                requirements.provide(package, header.text(RpmTag::name));
                RpmTexts names = header.texts(RpmTag::provide_name);
                while (const auto name = names.next()) {
                    requirements.provide(package, *name);
                }
                header.for_each_file([&](std::string_view folder, std::string_view name) {
                    requirements.provide_file(package, folder, name);
                });
            });
    }

    /// Reads the databases once more; the number of a package is its index in the findings.
    static Status
    for_each_package(const FileView& view,
                     const std::vector<RpmDatabase>& databases,
                     const std::function<void(const RpmHeader&, std::uint32_t)>& visit) {
        std::vector<Unknown> told; // by the first reading
        std::uint32_t package = 0;
        for (const RpmDatabase& database : databases) {
            BULLA_TRY(
                for_each_rpm(view, database, told, [&](const RpmHeader& header, const RpmRecord&) {
                    visit(header, package++);
                    return ok();
                }));
        }
        return ok();
    }

    static Status
    add_manifest(const FileView& view, const CatalogContext& context, Findings& findings) {
        const auto file = view.find(kManifest);
        if (!file || file->type != FileType::regular) {
            return ok();
        }
        BULLA_TRY_ASSIGN(const auto content, read_evidence(view, *file, findings));
        if (!content) {
            return ok();
        }
        const auto add = [&](const RpmRecord& record) -> Status {
            Package package = package_of(record, context);
            package.occurrences.push_back({file->path, file->layer});
            BULLA_TRY(findings.add(std::move(package)));
            return ok();
        };
        BULLA_TRY_ASSIGN(const std::size_t passed_over, parse_rpm_manifest(content->bytes(), add));
        if (passed_over > 0) {
            findings.unknowns.push_back(
                {file->path, std::to_string(passed_over) + " of its lines cannot be read"});
        }
        return ok();
    }
};

} // namespace

std::unique_ptr<const Cataloger> make_rpm_cataloger() {
    return std::make_unique<RpmCataloger>();
}

} // namespace bulla::sbom
