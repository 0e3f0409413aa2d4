// SPDX-License-Identifier: Apache-2.0
#include "base/core/limits.hpp"
#include "base/core/text.hpp"
#include "sbom/catalogers/apk_installed.hpp"
#include "sbom/catalogers/catalogers.hpp"
#include "sbom/catalogers/name_index.hpp"
#include "sbom/licenses/spdx.hpp"
#include "sbom/model/package_url.hpp"

#include <optional>

namespace bulla::sbom {
namespace {

std::string purl_of(const ApkRecord& record, const CatalogContext& context) {
    if (!context.distribution) {
        return {};
    }
    const bool has_origin = record.origin != record.package;
    auto purl =
        PackageUrl::make({.type = "apk",
                          .name_space = context.distribution->id,
                          .name = field_text(record.package),
                          .version = field_text(record.version),
                          .qualifiers = {{"arch", field_text(record.architecture)},
                                         {"distro", context.distribution->qualifier()},
                                         {"upstream", has_origin ? field_text(record.origin) : ""}},
                          .subpath = {}});
    return purl ? purl->to_string() : std::string();
}

Package package_of(const ApkRecord& record, const CatalogContext& context, const FileEntry& file) {
    Package package;
    package.type = PackageType::apk;
    package.name = field_text(record.package);
    package.version = field_text(record.version);
    package.architecture = field_text(record.architecture);
    package.purl = purl_of(record, context);
    package.maintainer = field_text(record.maintainer);
    package.description = field_text(record.description);
    package.homepage = field_text(record.url);
    if (!record.license.empty()) {
        package.licenses.push_back(classify_license(field_text(record.license)));
    }
    package.occurrences.push_back({file.path, file.layer});
    return package;
}

/// The names in a field of blank-separated entries, at most limits::kDependencyNames.
std::vector<std::string_view> names_in(std::string_view field) {
    std::vector<std::string_view> names;
    while (!field.empty() && names.size() < limits::kDependencyNames) {
        const std::string_view name = apk_dependency_name(text::take_until(field, ' '));
        if (!name.empty()) {
            names.push_back(name);
        }
    }
    return names;
}

class ApkCataloger final : public Cataloger {
  public:
    std::string_view id() const override { return "apk"; }

    std::uint32_t version() const override { return 1; }

    std::vector<walk::PathPattern> patterns() const override {
        return {{"{lib,usr/lib}/apk/db/installed", limits::kPackageDatabaseBytes}};
    }

    Status catalog(const FileView& view,
                   const CatalogContext& context,
                   Findings& findings) const override {
        const auto file = find_database(view);
        if (!file) {
            return ok();
        }
        BULLA_TRY_ASSIGN(const auto content, read_evidence(view, *file, findings));
        if (!content) {
            return ok();
        }
        NameIndex names;
        const auto add = [&](const ApkRecord& record) -> Status {
            BULLA_TRY_ASSIGN(const std::uint32_t index,
                             findings.add(package_of(record, context, *file)));
            names.add(record.package, index);
            for (const std::string_view name : names_in(record.provides)) {
                names.add(name, index);
            }
            return ok();
        };
        BULLA_TRY(parse_apk_installed(content->bytes(), add));
        std::uint32_t index = 0;
        return parse_apk_installed(content->bytes(), [&](const ApkRecord& record) -> Status {
            for (const std::string_view name : names_in(record.dependencies)) {
                for (const std::uint32_t provider : names.find(name)) {
                    BULLA_TRY(findings.add_dependency(index, provider));
                }
            }
            ++index;
            return ok();
        });
    }

    Status find_owners(const FileView& view,
                       const Findings& own,
                       const OwnershipQuery& query,
                       const OwnerSink& sink) const override {
        const auto file = find_database(view);
        if (!file || own.packages.empty()) {
            return ok();
        }
        BULLA_TRY_ASSIGN(const FileContent content, view.read(*file));
        for_each_apk_file(content.bytes(),
                          [&](std::size_t record, std::string_view folder, std::string_view name) {
                              if (!query.may_match(name)) {
                                  return;
                              }
                              std::string path(folder);
                              path += path.empty() ? "" : "/";
                              path += name;
                              if (const auto found = query.find(path)) {
                                  sink(static_cast<std::uint32_t>(record), *found);
                              }
                          });
        return ok();
    }

  private:
    static std::optional<FileEntry> find_database(const FileView& view) {
        for (const std::string_view path : {"lib/apk/db/installed", "usr/lib/apk/db/installed"}) {
            auto file = view.find(path);
            if (file && file->type == FileType::regular) {
                return file;
            }
        }
        return std::nullopt;
    }
};

} // namespace

std::unique_ptr<const Cataloger> make_apk_cataloger() {
    return std::make_unique<ApkCataloger>();
}

} // namespace bulla::sbom
