// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/walk/layer_facts.hpp"
#include "oci/rootfs/merged_rootfs.hpp"
#include "oci/rootfs/tree.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

/// What the parts of MergedRootfs share; for merged_rootfs.cpp and missing_content.cpp only.
namespace bulla::oci {

struct MergedRootfs::State {
    std::vector<walk::LayerFacts> facts;
    std::vector<std::string> layer_names;
    std::vector<std::string> scanner_ids;
    std::vector<std::string> notes;
    Tree tree;
};

/// A layer and the number of an entry in it.
using Place = std::pair<std::uint32_t, std::uint32_t>;
/// In ascending order of the place.
using ScansByPlace = std::vector<std::pair<Place, walk::ScanFact>>;

/// Calls `visit` for each visible regular file whose content came from one of these places, once
/// for each of its names.
void for_each_at(const Tree& tree,
                 const ScansByPlace& scans,
                 const std::function<void(std::uint32_t, const walk::ScanFact&)>& visit);

/// True for nodes that may stand for a regular file.
inline bool is_file_or_link(const TreeNode& node) {
    return node.kind == walk::EntryKind::regular || node.kind == walk::EntryKind::symlink;
}

/// The regular file that a name stands for; kNoNode if none.
inline std::uint32_t file_behind(const Tree& tree, std::uint32_t id) {
    const auto file = tree.node(id).kind == walk::EntryKind::symlink ? tree.follow(id) : id;
    const bool regular = file != kNoNode && tree.node(file).kind == walk::EntryKind::regular;
    return regular ? file : kNoNode;
}

} // namespace bulla::oci
