// SPDX-License-Identifier: Apache-2.0
#include "base/core/limits.hpp"
#include "base/core/text.hpp"
#include "sbom/catalogers/catalogers.hpp"
#include "sbom/catalogers/control_file.hpp"
#include "sbom/catalogers/dpkg_status.hpp"
#include "sbom/catalogers/name_index.hpp"
#include "sbom/licenses/debian.hpp"
#include "sbom/model/package_url.hpp"

#include <algorithm>
#include <optional>

namespace bulla::sbom {
namespace {

constexpr std::string_view kStatus = "var/lib/dpkg/status";
constexpr std::string_view kStatusFolder = "var/lib/dpkg/status.d/";
constexpr std::string_view kInfoFolder = "var/lib/dpkg/info/";
constexpr std::string_view kDocFolder = "usr/share/doc/";

/// A package's dependencies cannot be looked up before all packages are known.
struct Wanted {
    std::uint32_t package;
    std::vector<std::pair<std::string, std::string>> names; ///< name, architecture
};

std::string upstream_of(const DpkgRecord& record) {
    std::string_view rest = record.source;
    const std::string_view source = text::trim(text::take_until(rest, '('));
    const std::string_view version = text::trim(text::take_until(rest, ')'));
    if (source.empty() || source == record.package) {
        // A version that differs from the package's own is worth naming even if the name is equal.
        return version.empty() || version == record.version
                   ? std::string()
                   : std::string(record.package) + "@" + std::string(version);
    }
    return version.empty() ? std::string(source) : std::string(source) + "@" + std::string(version);
}

/// Empty without a distribution: the namespace of a deb is its vendor, and guessing one would name
/// another package.
std::string purl_of(const DpkgRecord& record, const CatalogContext& context) {
    if (!context.distribution) {
        return {};
    }
    auto purl = PackageUrl::make({.type = "deb",
                                  .name_space = context.distribution->id,
                                  .name = field_text(record.package),
                                  .version = field_text(record.version),
                                  .qualifiers = {{"arch", field_text(record.architecture)},
                                                 {"distro", context.distribution->qualifier()},
                                                 {"upstream", field_text(upstream_of(record))}},
                                  .subpath = {}});
    return purl ? purl->to_string() : std::string();
}

Wanted wanted_of(const DpkgRecord& record, std::uint32_t index) {
    Wanted wanted{index, {}};
    for (const std::string_view field : {record.pre_depends, record.depends}) {
        for (const DependencyName& name : parse_dependency_field(field)) {
            wanted.names.emplace_back(name.name, name.architecture);
        }
    }
    return wanted;
}

/// One reading of the databases of an image.
class Run {
  public:
    Run(const FileView& view, const CatalogContext& context, Findings& findings)
        : view_(view), context_(context), findings_(findings) {}

    Status read(const FileEntry& file);

    Status add_dependencies();

  private:
    Status add(const DpkgRecord& record, const FileEntry& file);
    Status add_licenses(Package& package);
    void add_occurrences(Package& package, const FileEntry& file);

    const FileView& view_;
    const CatalogContext& context_;
    Findings& findings_;
    NameIndex names_;
    std::vector<Wanted> wanted_;
};

Status Run::read(const FileEntry& file) {
    BULLA_TRY_ASSIGN(const auto content, read_evidence(view_, file, findings_));
    if (!content) {
        return ok();
    }
    return parse_dpkg_status(content->bytes(),
                             [&](const DpkgRecord& record) { return add(record, file); });
}

Status Run::add(const DpkgRecord& record, const FileEntry& file) {
    if (!record.is_present()) {
        return ok();
    }
    Package package;
    package.type = PackageType::deb;
    package.name = field_text(record.package);
    package.version = field_text(record.version);
    package.architecture = field_text(record.architecture);
    package.purl = purl_of(record, context_);
    package.maintainer = first_line(record.maintainer);
    package.description = first_line(record.description);
    package.homepage = first_line(record.homepage);
    if (!record.status.empty() && record.status != "install ok installed") {
        package.properties.push_back({"dpkg:status", first_line(record.status)});
    }
    add_occurrences(package, file);
    BULLA_TRY(add_licenses(package));
    BULLA_TRY_ASSIGN(const std::uint32_t index, findings_.add(std::move(package)));
    names_.add(record.package, index);
    for (const DependencyName& provided : parse_dependency_field(record.provides)) {
        names_.add(provided.name, index);
    }
    wanted_.push_back(wanted_of(record, index));
    return ok();
}

/// The database is rewritten by every layer that installs anything; the list of the package's own
/// files is written when it is installed, so its layer is the one that brought the package.
void Run::add_occurrences(Package& package, const FileEntry& file) {
    package.occurrences.push_back({file.path, file.layer});
    const std::string base = std::string(kInfoFolder) + package.name;
    for (const std::string& path : {base + ":" + package.architecture + ".list", base + ".list"}) {
        if (const auto list = view_.find(path)) {
            package.occurrences.push_back({list->path, list->layer});
            return;
        }
    }
}

Status Run::add_licenses(Package& package) {
    const auto file = view_.find(std::string(kDocFolder) + package.name + "/copyright");
    if (!file || file->type != FileType::regular) {
        return ok();
    }
    BULLA_TRY_ASSIGN(const auto content, read_evidence(view_, *file, findings_));
    if (content) {
        package.licenses = parse_debian_copyright(content->bytes());
    }
    return ok();
}

Status Run::add_dependencies() {
    for (const Wanted& wanted : wanted_) {
        const std::string& own = findings_.packages[wanted.package].architecture;
        for (const auto& [name, architecture] : wanted.names) {
            const bool is_any = architecture.empty() || architecture == "any";
            const std::string& expected = is_any ? own : architecture;
            const auto candidates = names_.find(name);
            const auto fits = [&](std::uint32_t candidate) {
                const std::string& found = findings_.packages[candidate].architecture;
                return found == expected || found == "all" || expected == "all";
            };
            // A package of another architecture satisfies a dependency only if none of its own does
            // (Multi-Arch: foreign).
            const bool some_fit = std::any_of(candidates.begin(), candidates.end(), fits);
            for (const std::uint32_t candidate : candidates) {
                if (!some_fit || fits(candidate)) {
                    BULLA_TRY(findings_.add_dependency(wanted.package, candidate));
                }
            }
        }
    }
    return ok();
}

/// The file that lists what a package installed, with checksums: beside the database, or in
/// distroless images beside the package's paragraph.
std::optional<FileEntry> find_md5sums(const FileView& view, const Package& package) {
    const std::string base = std::string(kInfoFolder) + package.name;
    for (const std::string& path : {base + ":" + package.architecture + ".md5sums",
                                    base + ".md5sums",
                                    std::string(kStatusFolder) + package.name + ".md5sums"}) {
        auto file = view.find(path);
        if (file && file->type == FileType::regular) {
            return file;
        }
    }
    return std::nullopt;
}

class DpkgCataloger final : public Cataloger {
  public:
    std::string_view id() const override { return "dpkg"; }

    std::uint32_t version() const override { return 1; }

    std::vector<walk::PathPattern> patterns() const override {
        return {{std::string(kStatus), limits::kPackageDatabaseBytes},
                {std::string(kStatusFolder) + "*", limits::kKeptFileBytes},
                {std::string(kInfoFolder) + "*.md5sums", limits::kKeptFileBytes},
                {std::string(kDocFolder) + "*/copyright", limits::kCopyrightBytes}};
    }

    Status catalog(const FileView& view,
                   const CatalogContext& context,
                   Findings& findings) const override {
        Run run(view, context, findings);
        if (const auto file = view.find(kStatus); file && file->type == FileType::regular) {
            BULLA_TRY(run.read(*file));
        }
        std::vector<FileEntry> files;
        view.for_each_match(std::string(kStatusFolder) + "*", [&](const FileEntry& file) {
            if (!file.path.ends_with(".md5sums")) {
                files.push_back(file);
            }
        });
        for (const FileEntry& file : files) {
            BULLA_TRY(run.read(file));
        }
        return run.add_dependencies();
    }

    Status find_owners(const FileView& view,
                       const Findings& own,
                       const OwnershipQuery& query,
                       const OwnerSink& sink) const override {
        Findings unread; // `catalog` does not read these files, so nobody else reports them
        for (std::uint32_t i = 0; i < own.packages.size(); ++i) {
            const auto file = find_md5sums(view, own.packages[i]);
            if (!file) {
                continue;
            }
            BULLA_TRY_ASSIGN(const auto content, read_evidence(view, *file, unread));
            for (std::string_view rest = content ? content->bytes() : ""; !rest.empty();) {
                std::string_view line = text::take_until(rest, '\n');
                text::take_until(line, ' ');
                if (const auto path = query.find(text::trim(line))) {
                    sink(i, *path);
                }
            }
        }
        return ok();
    }
};

} // namespace

std::unique_ptr<const Cataloger> make_dpkg_cataloger() {
    return std::make_unique<DpkgCataloger>();
}

} // namespace bulla::sbom
