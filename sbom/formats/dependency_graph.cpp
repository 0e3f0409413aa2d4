// SPDX-License-Identifier: Apache-2.0
#include "sbom/formats/dependency_graph.hpp"

#include <algorithm>
#include <utility>

namespace bulla::sbom {

DependencyGraph::DependencyGraph(std::size_t packages,
                                 std::span<const Relationship> relationships) {
    offsets_.assign(packages + 1, 0);
    for (const Relationship& relationship : relationships) {
        if (relationship.kind == Relationship::Kind::depends_on) {
            ++offsets_[relationship.from + 1];
            targets_.push_back(relationship.to);
        }
    }
    for (std::size_t i = 1; i < offsets_.size(); ++i) {
        offsets_[i] += offsets_[i - 1];
    }
}

/// Depth first with a stack of its own: a chain of dependencies may be as long as somebody likes.
std::vector<std::uint32_t> DependencyGraph::finishing_order() const {
    const std::size_t count = offsets_.size() - 1;
    std::vector<std::uint32_t> order;
    order.reserve(count);
    std::vector<bool> seen(count, false);
    std::vector<std::pair<std::uint32_t, std::size_t>> stack; // package, next dependency
    for (std::uint32_t start = 0; start < count; ++start) {
        if (seen[start]) {
            continue;
        }
        seen[start] = true;
        stack.emplace_back(start, 0);
        while (!stack.empty()) {
            auto& [package, next] = stack.back();
            const auto dependencies = dependencies_of(package);
            if (next == dependencies.size()) {
                order.push_back(package);
                stack.pop_back();
                continue;
            }
            const std::uint32_t dependency = dependencies[next++];
            if (!seen[dependency]) {
                seen[dependency] = true;
                stack.emplace_back(dependency, 0);
            }
        }
    }
    return order;
}

/// The last to finish that is not reached yet lies in a group that nobody outside needs (the first
/// half of Kosaraju's algorithm).
std::vector<std::uint32_t> DependencyGraph::roots() const {
    const std::vector<std::uint32_t> order = finishing_order();
    std::vector<bool> reached(order.size(), false);
    std::vector<std::uint32_t> roots;
    std::vector<std::uint32_t> pending;
    for (auto it = order.rbegin(); it != order.rend(); ++it) {
        if (reached[*it]) {
            continue;
        }
        roots.push_back(*it);
        reached[*it] = true;
        pending.push_back(*it);
        while (!pending.empty()) {
            const std::uint32_t package = pending.back();
            pending.pop_back();
            for (const std::uint32_t dependency : dependencies_of(package)) {
                if (!reached[dependency]) {
                    reached[dependency] = true;
                    pending.push_back(dependency);
                }
            }
        }
    }
    std::sort(roots.begin(), roots.end());
    return roots;
}

} // namespace bulla::sbom
