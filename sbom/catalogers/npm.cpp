// SPDX-License-Identifier: Apache-2.0
#include "base/core/limits.hpp"
#include "sbom/catalogers/catalogers.hpp"
#include "sbom/catalogers/package_json.hpp"
#include "sbom/catalogers/parallel.hpp"
#include "sbom/model/package_url.hpp"

#include <algorithm>
#include <optional>
#include <unordered_map>

namespace bulla::sbom {
namespace {

constexpr std::string_view kModulesComponent = "node_modules/";

/// Fewer files than this are read sooner than another thread starts.
constexpr std::size_t kFewFiles = 32;

std::string_view parent_of(std::string_view path) {
    const std::size_t slash = path.rfind('/');
    return slash == std::string_view::npos ? std::string_view() : path.substr(0, slash);
}

std::string join(std::string_view folder, std::string_view name) {
    std::string path(folder);
    path += path.empty() ? "" : "/";
    path += name;
    return path;
}

/// The last one or two components of a folder: "@scope/name" or "name".
std::string_view name_from_folder(std::string_view folder) {
    const std::string_view parent = parent_of(folder);
    const std::string_view scope = parent.substr(parent.rfind('/') + 1);
    const std::size_t size = folder.size() - folder.rfind('/') - 1;
    return folder.substr(folder.size() - (scope.starts_with('@') ? scope.size() + 1 + size : size));
}

std::string purl_of(const Package& package) {
    const std::size_t slash = package.name.starts_with('@') ? package.name.find('/') : 0;
    const bool scoped = slash != 0 && slash != std::string::npos;
    auto purl = PackageUrl::make({.type = "npm",
                                  .name_space = scoped ? package.name.substr(0, slash) : "",
                                  .name = scoped ? package.name.substr(slash + 1) : package.name,
                                  .version = package.version,
                                  .qualifiers = {},
                                  .subpath = {}});
    return purl ? purl->to_string() : std::string();
}

/// What a package.json says, read apart from the others.
struct PackageFile {
    std::optional<NpmPlace> place; ///< views into the path
    std::optional<PackageJson> package;
    std::vector<Unknown> unknowns;
    Status status;
};

PackageFile read_package_file(const FileView& view, const FileEntry& file) {
    PackageFile read;
    read.place = find_npm_place(file.path);
    const std::string_view path = file.path;
    // What matched through a link and really lies outside of any node_modules is installed by that
    // link.
    if (!read.place && (path.starts_with(kModulesComponent) ||
                        path.find("/node_modules/") != std::string_view::npos)) {
        return read;
    }
    Findings notes;
    const auto content = read_evidence(view, file, notes);
    read.unknowns = std::move(notes.unknowns);
    if (!content) {
        read.status = content.error();
    } else if (*content) {
        auto parsed = parse_package_json((*content)->bytes());
        if (parsed) {
            read.package = std::move(*parsed);
        } else {
            read.unknowns.push_back({file.path, std::move(parsed.error().message)});
        }
    }
    return read;
}

/// One reading of an image.
class Run {
  public:
    Run(const FileView& view, const CatalogContext& context, Findings& findings)
        : view_(view), context_(context), findings_(findings) {}

    Status add_packages();
    Status add_from_lockfiles();
    Status add_dependencies();

  private:
    Status add_file(const FileEntry& file, PackageFile read);
    Status add_lockfile(const FileEntry& file);
    Status add_package(std::string folder, Package package, std::vector<std::string> dependencies);
    std::vector<FileEntry> files_matching(std::initializer_list<std::string_view> globs) const;
    std::optional<std::uint32_t> find_dependency(std::string_view folder,
                                                 std::string_view name) const;

    const FileView& view_;
    const CatalogContext& context_;
    Findings& findings_;
    std::unordered_map<std::string, std::uint32_t> by_folder_;
    std::vector<std::pair<std::string, std::vector<std::string>>> wanted_; ///< folder, names
};

std::vector<FileEntry> Run::files_matching(std::initializer_list<std::string_view> globs) const {
    std::vector<FileEntry> files;
    for (const std::string_view glob : globs) {
        view_.for_each_match(glob, [&](const FileEntry& file) { files.push_back(file); });
    }
    const auto by_path = [](const FileEntry& a, const FileEntry& b) { return a.path < b.path; };
    std::sort(files.begin(), files.end(), by_path);
    const auto same = [](const FileEntry& a, const FileEntry& b) { return a.path == b.path; };
    files.erase(std::unique(files.begin(), files.end(), same), files.end());
    return files;
}

Status Run::add_packages() {
    const auto files =
        files_matching({"**/node_modules/*/package.json", "**/node_modules/@*/*/package.json"});
    // Hundreds of small files are most of an application: reading them is shared among threads.
    std::vector<PackageFile> read(files.size());
    for_each_index(files.size(), files.size() < kFewFiles ? 1 : context_.jobs, [&](std::size_t i) {
        read[i] = read_package_file(view_, files[i]);
    });
    for (std::size_t i = 0; i < files.size(); ++i) {
        BULLA_TRY(add_file(files[i], std::move(read[i])));
    }
    return ok();
}

Status Run::add_file(const FileEntry& file, PackageFile read) {
    BULLA_TRY(std::move(read.status));
    std::ranges::move(read.unknowns, std::back_inserter(findings_.unknowns));
    if (!read.package) {
        return ok();
    }
    PackageJson* const parsed = &*read.package;
    const std::string folder(parent_of(file.path));
    Package package;
    package.name = std::move(parsed->name);
    if (package.name.empty()) {
        package.name = read.place ? read.place->name : name_from_folder(folder);
    }
    package.version = std::move(parsed->version);
    package.description = std::move(parsed->description);
    package.homepage = std::move(parsed->homepage);
    package.author = std::move(parsed->author);
    package.licenses = std::move(parsed->licenses);
    package.occurrences.push_back({file.path, file.layer});
    return add_package(folder, std::move(package), std::move(parsed->dependencies));
}

Status
Run::add_package(std::string folder, Package package, std::vector<std::string> dependencies) {
    package.type = PackageType::npm;
    package.purl = purl_of(package);
    BULLA_TRY_ASSIGN(const std::uint32_t index, findings_.add(std::move(package)));
    by_folder_.emplace(folder, index);
    wanted_.emplace_back(std::move(folder), std::move(dependencies));
    return ok();
}

Status Run::add_from_lockfiles() {
    for (const FileEntry& file : files_matching({"**/node_modules/.package-lock.json"})) {
        BULLA_TRY(add_lockfile(file));
    }
    return ok();
}

/// npm's own list knows what no package.json in a node_modules folder shows: workspaces, which are
/// linked from outside, and packages whose package.json cannot be read.
Status Run::add_lockfile(const FileEntry& file) {
    const std::string_view modules = parent_of(file.path);
    const std::string_view base = parent_of(modules);
    if (find_npm_place(std::string(modules) + "/x/package.json") == std::nullopt) {
        return ok(); // a fixture's
    }
    BULLA_TRY_ASSIGN(const auto content, read_evidence(view_, file, findings_));
    if (!content) {
        return ok();
    }
    auto entries = parse_npm_lock(content->bytes());
    if (!entries && entries.error().code == ErrorCode::limit_exceeded) {
        return std::move(entries.error());
    }
    if (!entries) {
        findings_.unknowns.push_back({file.path, std::move(entries.error().message)});
        return ok();
    }
    for (NpmLockEntry& entry : *entries) {
        const auto folder = view_.find(join(base, entry.path));
        const bool is_known = folder && by_folder_.contains(folder->path);
        if (!folder || folder->type != FileType::directory || is_known ||
            !entry.link_target.empty()) {
            continue;
        }
        Package package;
        package.name = entry.name.empty() ? std::string(name_from_folder(entry.path)) : entry.name;
        package.version = std::move(entry.version);
        package.occurrences.push_back({file.path, file.layer});
        if (!package.name.empty()) {
            BULLA_TRY(add_package(folder->path, std::move(package), {}));
        }
    }
    return ok();
}

/// Node's own search (Node.js documentation, "Loading from node_modules folders"): upwards from the
/// package, in every folder that is not itself called node_modules.
std::optional<std::uint32_t> Run::find_dependency(std::string_view folder,
                                                  std::string_view name) const {
    for (std::string_view at = folder;; at = parent_of(at)) {
        const bool is_modules = at == "node_modules" || at.ends_with("/node_modules");
        if (!is_modules) {
            const std::string wanted = join(join(at, "node_modules"), name);
            if (const auto it = by_folder_.find(wanted); it != by_folder_.end()) {
                return it->second;
            }
            // pnpm and workspaces: what stands there is a link.
            const auto linked = view_.find(wanted);
            const auto it = linked ? by_folder_.find(linked->path) : by_folder_.end();
            if (it != by_folder_.end()) {
                return it->second;
            }
        }
        if (at.empty()) {
            return std::nullopt;
        }
    }
}

Status Run::add_dependencies() {
    for (std::uint32_t i = 0; i < wanted_.size(); ++i) {
        for (const std::string& name : wanted_[i].second) {
            if (const auto found = find_dependency(wanted_[i].first, name)) {
                BULLA_TRY(findings_.add_dependency(i, *found));
            }
        }
    }
    return ok();
}

class NpmCataloger final : public Cataloger {
  public:
    std::string_view id() const override { return "npm"; }

    std::uint32_t version() const override { return 1; }

    std::vector<walk::PathPattern> patterns() const override {
        return {{"**/node_modules/*/package.json", limits::kKeptFileBytes},
                {"**/node_modules/@*/*/package.json", limits::kKeptFileBytes},
                {"**/node_modules/.package-lock.json", limits::kKeptFileBytes}};
    }

    Status catalog(const FileView& view,
                   const CatalogContext& context,
                   Findings& findings) const override {
        Run run(view, context, findings);
        BULLA_TRY(run.add_packages());
        BULLA_TRY(run.add_from_lockfiles());
        return run.add_dependencies();
    }
};

} // namespace

std::unique_ptr<const Cataloger> make_npm_cataloger() {
    return std::make_unique<NpmCataloger>();
}

} // namespace bulla::sbom
