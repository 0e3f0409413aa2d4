// SPDX-License-Identifier: Apache-2.0
#include "sbom/licenses/java.hpp"

#include "base/core/text.hpp"
#include "sbom/catalogers/catalogers.hpp"
#include "sbom/catalogers/java_archive_scanner.hpp"
#include "sbom/catalogers/java_facts.hpp"
#include "sbom/catalogers/java_identity.hpp"
#include "sbom/model/package_url.hpp"

#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace bulla::sbom {
namespace {

/// Endings that other programs use too (RAR archives, sysstat's data): such a file that is no zip
/// is none of ours.
bool is_ambiguous_ending(std::string_view name) {
    constexpr std::array<std::string_view, 6> kAmbiguous{"far", "kar", "nar", "par", "rar", "sar"};
    const std::string ending = text::to_lower(name.substr(name.rfind('.') + 1));
    return std::find(kAmbiguous.begin(), kAmbiguous.end(), ending) != kAmbiguous.end();
}

/// Archives beside a library that hold its sources or documentation, and nothing that runs.
bool is_companion(const JavaArchive& archive, std::string_view name) {
    const std::string_view stem = name.substr(0, name.rfind('.'));
    return !archive.has_classes && (stem.ends_with("-sources") || stem.ends_with("-javadoc"));
}

std::string purl_of(const JavaIdentity& identity) {
    const auto purl = PackageUrl::make({.type = "maven",
                                        .name_space = identity.group,
                                        .name = identity.artifact,
                                        .version = identity.version,
                                        .qualifiers = {},
                                        .subpath = {}});
    return purl ? purl->to_string() : std::string();
}

Package package_of(const JavaIdentity& identity) {
    Package package;
    package.type = PackageType::maven;
    package.name =
        identity.group.empty() ? identity.artifact : identity.group + ":" + identity.artifact;
    package.version = identity.version;
    package.purl = purl_of(identity);
    package.properties.push_back({"java:identified-by", std::string(to_string(identity.evidence))});
    return package;
}

void describe(Package& package, const JavaModule& module) {
    package.description = field_text(module.description);
    package.homepage = module.url;
    for (const auto& [name, url] : module.licenses) {
        License license = classify_pom_license(name, url);
        if (!license.value.empty()) {
            package.licenses.push_back(std::move(license));
        }
    }
}

void describe(Package& package, const JavaArchive& archive) {
    package.maintainer = archive.attribute("Implementation-Vendor");
    if (package.maintainer.empty()) {
        package.maintainer = archive.attribute("Bundle-Vendor");
    }
    if (!package.licenses.empty()) {
        return;
    }
    package.licenses = parse_bundle_license(archive.attribute("Bundle-License"));
    const std::string_view plugin = archive.attribute("Plugin-License-Name");
    if (package.licenses.empty() && !plugin.empty()) {
        package.licenses.push_back(classify_pom_license(plugin, ""));
    }
}

/// One file and what is in it.
class FileRun {
  public:
    FileRun(const FileEntry& file, const JavaFacts& facts, Findings& findings)
        : file_(file), facts_(facts), findings_(findings), packages_(facts.archives.size()) {}

    Status run() {
        for (std::uint32_t i = 0; i < facts_.archives.size(); ++i) {
            BULLA_TRY(add_archive(i));
        }
        add_problems();
        return ok();
    }

  private:
    using Index = std::optional<std::uint32_t>;

    Status add_archive(std::uint32_t index);
    Status add_modules(std::uint32_t index, const std::optional<JavaIdentity>& self);
    Result<std::uint32_t> add(Package package, std::string place, Index needed_by);
    Index owner_of(std::uint32_t index) const;
    std::string_view name_of(std::uint32_t index) const;
    bool is_damaged(std::uint32_t index) const;
    void add_problems();

    const FileEntry& file_;
    const JavaFacts& facts_;
    Findings& findings_;
    std::vector<Index> packages_; ///< what each archive is
};

std::string_view FileRun::name_of(std::uint32_t index) const {
    const std::string_view path =
        index == 0 ? std::string_view(file_.path) : std::string_view(facts_.archives[index].path);
    return path.substr(path.rfind('/') + 1);
}

/// The package of the nearest archive around this one that is a package.
FileRun::Index FileRun::owner_of(std::uint32_t index) const {
    while (facts_.archives[index].parent != JavaArchive::kNoParent) {
        index = facts_.archives[index].parent;
        if (packages_[index]) {
            return packages_[index];
        }
    }
    return std::nullopt;
}

Result<std::uint32_t> FileRun::add(Package package, std::string place, Index needed_by) {
    package.occurrences.push_back({std::move(place), file_.layer});
    BULLA_TRY_ASSIGN(const std::uint32_t added, findings_.add(std::move(package)));
    if (needed_by) {
        BULLA_TRY(findings_.add_dependency(*needed_by, added));
    }
    return added;
}

bool FileRun::is_damaged(std::uint32_t index) const {
    return std::any_of(facts_.problems.begin(), facts_.problems.end(), [&](const auto& problem) {
        return problem.archive == index && problem.path.empty();
    });
}

Status FileRun::add_archive(std::uint32_t index) {
    const JavaArchive& archive = facts_.archives[index];
    const std::string_view name = name_of(index);
    // New Relic's instrumentation modules carry the name of what they instrument.
    const bool is_other =
        is_companion(archive, name) || !archive.attribute("Weave-Classes").empty();
    const auto identity = is_other ? std::nullopt : identify_java_archive(archive, name);
    if (identity) {
        Package package = package_of(*identity);
        if (identity->module) {
            describe(package, archive.modules[*identity->module]);
        }
        describe(package, archive);
        BULLA_TRY_ASSIGN(
            packages_[index],
            add(std::move(package), place_of(facts_, index, file_.path), owner_of(index)));
    } else if (!is_other && archive.has_classes && !is_damaged(index)) {
        findings_.unknowns.push_back({place_of(facts_, index, file_.path),
                                      "neither its metadata nor its name says which package and "
                                      "version it is"});
    }
    return is_other ? ok() : add_modules(index, identity);
}

/// What was put into the archive class by class ("shaded") and has left its records there.
Status FileRun::add_modules(std::uint32_t index, const std::optional<JavaIdentity>& self) {
    const JavaArchive& archive = facts_.archives[index];
    const Index around = packages_[index] ? packages_[index] : owner_of(index);
    for (std::size_t i = 0; i < archive.modules.size(); ++i) {
        const auto identity = identify_java_module(archive.modules[i]);
        if (!identity || (self && self->module == i)) {
            continue;
        }
        Package package = package_of(*identity);
        describe(package, archive.modules[i]);
        BULLA_TRY(add(std::move(package),
                      place_of(facts_, index, file_.path) + "!/" + archive.modules[i].folder,
                      around));
    }
    return ok();
}

void FileRun::add_problems() {
    for (const JavaProblem& problem : facts_.problems) {
        if (problem.path.empty() && !facts_.archives[problem.archive].is_zip &&
            is_ambiguous_ending(name_of(problem.archive))) {
            continue;
        }
        std::string place = place_of(facts_, problem.archive, file_.path);
        place += problem.path.empty() ? "" : "!/" + problem.path;
        findings_.unknowns.push_back({std::move(place), problem.reason});
    }
    if (facts_.more_problems > 0) {
        findings_.unknowns.push_back(
            {file_.path,
             std::to_string(facts_.more_problems) + " more parts of it could not be read"});
    }
}

/// Java archives: jars and what is built like them, with all archives and modules in them. A
/// package inside of an archive is found at "outer.jar!/inner.jar"; the outer one depends on it.
class JavaCataloger final : public Cataloger {
  public:
    std::string_view id() const override { return "java"; }

    std::uint32_t version() const override { return 1; }

    std::vector<walk::PathPattern> patterns() const override { return {}; }

    std::vector<walk::ScannerKind> scanners() const override { return {java_archive_scanner()}; }

    Status catalog(const FileView& view,
                   const CatalogContext& /*context*/,
                   Findings& findings) const override {
        const auto add_file = [&](const FileEntry& file, ByteView bytes) -> Status {
            const auto facts = decode_java_facts(bytes);
            if (!facts) {
                findings.unknowns.push_back({file.path, facts.error().message});
                return ok();
            }
            return FileRun(file, *facts, findings).run();
        };
        return view.for_each_scanned(java_archive_scanner().id, add_file);
    }
};

} // namespace

std::unique_ptr<const Cataloger> make_java_cataloger() {
    return std::make_unique<JavaCataloger>();
}

} // namespace bulla::sbom
