// SPDX-License-Identifier: Apache-2.0
#include "oci/rootfs/load_directory.hpp"

#include <algorithm>
#include <utility>

namespace bulla::oci {

namespace {

Result<LoadedDirectory> read_once(const std::string& path, const walk::EntryRouter& router) {
    BULLA_TRY_ASSIGN(walk::DirectoryFacts found, walk::read_directory(path, router));
    std::vector<walk::LayerFacts> layers;
    layers.push_back(std::move(found.facts));
    std::vector<std::string> scanners;
    for (const auto& scanner : router.scanners()) {
        scanners.emplace_back(scanner.id);
    }
    BULLA_TRY_ASSIGN(MergedRootfs tree,
                     MergedRootfs::merge(std::move(layers), {"directory"}, std::move(scanners)));
    return LoadedDirectory{std::move(tree), std::move(found.unread)};
}

} // namespace

Result<LoadedDirectory> load_directory(const std::string& path, const walk::RouterSpec& wanted) {
    BULLA_TRY_ASSIGN(const auto router, walk::EntryRouter::compile(wanted));
    BULLA_TRY_ASSIGN(LoadedDirectory first, read_once(path, router));
    std::vector<walk::RequiredPath> missing;
    for (auto& item : first.tree.missing_content(router)) {
        const bool unread =
            std::ranges::find(first.unread, item.required.path, &walk::UnreadFile::path) !=
            first.unread.end();
        if (!unread) { // another try would fail the same way
            missing.push_back(std::move(item.required));
        }
    }
    if (missing.empty()) {
        return first;
    }
    std::ranges::sort(missing);
    missing.erase(std::ranges::unique(missing).begin(), missing.end());
    BULLA_TRY_ASSIGN(const auto wider, walk::EntryRouter::compile(wanted, missing));
    return read_once(path, wider);
}

} // namespace bulla::oci
