// SPDX-License-Identifier: Apache-2.0
#include "base/walk/entry_router.hpp"
#include "oci/rootfs/merged_state.hpp"

#include <algorithm>

namespace bulla::oci {

namespace {

/// A file that may have to be read again: where it is, and the wanted name that leads to it.
struct Candidate {
    Place place;
    std::string as;
    bool unread = false; ///< its content was neither kept nor too large

    friend auto operator<=>(const Candidate&, const Candidate&) = default;
};

/// Names over links that the router wants. A file under the name its layer gives it was put before
/// the router when it was read.
void collect_aliases(const Tree& tree,
                     const walk::EntryRouter& router,
                     std::vector<Candidate>& candidates) {
    for (auto id = kRootNode + 1; id < tree.end(); ++id) {
        const auto& node = tree.node(id);
        if (!tree.is_live(id) || !is_file_or_link(node) ||
            (node.kind == walk::EntryKind::regular && !node.aliased)) {
            continue;
        }
        const auto file = file_behind(tree, id);
        if (file == kNoNode || tree.content(file).entry == kNoNode) {
            continue;
        }
        auto path = tree.path(id);
        const auto route = router.route(path);
        const auto& content = tree.content(file);
        const bool unread = content.state == walk::ContentState::none;
        if ((route.keep && unread) || route.scanners != 0) {
            candidates.push_back({{content.layer, content.entry}, std::move(path), unread});
        }
    }
}

/// True if reading the file at `path` as `as` brings what its first reading did not.
bool brings_more(const walk::EntryRouter& router,
                 std::string_view path,
                 const Candidate& candidate) {
    const auto first = router.route(path);
    const auto wanted = router.route(candidate.as);
    return (wanted.keep && candidate.unread) || (wanted.scanners & ~first.scanners) != 0;
}

} // namespace

std::vector<MissingContent> MergedRootfs::missing_content(const walk::EntryRouter& router) const {
    std::vector<Candidate> candidates;
    collect_aliases(state_->tree, router, candidates);
    ScansByPlace incomplete;
    for (std::uint32_t layer = 0; layer < state_->facts.size(); ++layer) {
        state_->facts[layer].for_each_scan([&](const walk::ScanFact& scan) {
            if (scan.incomplete) {
                incomplete.emplace_back(Place{layer, static_cast<std::uint32_t>(scan.entry)}, scan);
            }
        });
    }
    for_each_at(state_->tree, incomplete, [&](std::uint32_t file, const walk::ScanFact&) {
        const auto& content = state_->tree.content(file);
        candidates.push_back({{content.layer, content.entry}, {}});
    });
    std::ranges::sort(candidates);
    candidates.erase(std::ranges::unique(candidates).begin(), candidates.end());

    std::vector<MissingContent> missing;
    auto next = candidates.begin();
    while (next != candidates.end()) {
        const auto layer = next->place.first;
        std::uint32_t number = 0;
        state_->facts[layer].for_each([&](const walk::EntryFact& fact) {
            for (; next != candidates.end() && next->place == Place(layer, number); ++next) {
                const bool again = next->as.empty();
                if (again || brings_more(router, fact.path, *next)) {
                    const std::string path(fact.path);
                    missing.push_back({layer, {path, again ? path : next->as}});
                }
            }
            ++number;
        });
    }
    return missing;
}

} // namespace bulla::oci
