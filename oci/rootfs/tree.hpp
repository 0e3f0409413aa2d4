// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/core/result.hpp"
#include "base/walk/layer_facts.hpp"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bulla::oci {

inline constexpr std::uint32_t kNoNode = std::numeric_limits<std::uint32_t>::max();
inline constexpr std::uint32_t kRootNode = 0;
inline constexpr std::uint16_t kNoLayer = std::numeric_limits<std::uint16_t>::max();

/// Where the content of a regular file is, shared by its hard links.
struct TreeContent {
    std::uint64_t size = 0;
    std::uint64_t offset = 0;      ///< EntryFact::content_offset
    std::uint32_t entry = kNoNode; ///< its number in that layer; none if a link found no target
    std::uint16_t layer = 0;
    walk::ContentState state = walk::ContentState::none;
};

static_assert(sizeof(TreeContent) == 24);

/// One name in the tree; the name itself is in the arena.
struct TreeNode {
    std::uint32_t parent = kNoNode; ///< none if the node is not in use
    std::uint32_t first_child = kNoNode;
    std::uint32_t previous = kNoNode; ///< siblings form a list
    std::uint32_t next = kNoNode;
    std::uint32_t name = 0;  ///< offset in the arena
    std::uint32_t value = 0; ///< content of a file, target (offset in the arena) of a symlink
    std::uint16_t name_size = 0;
    std::uint16_t path_size = 0; ///< of the whole path: bounds depth as well
    std::uint16_t target_size = 0;
    std::uint16_t layer = 0;        ///< the last one that had an entry for this name
    std::uint16_t swept = kNoLayer; ///< the last layer whose whiteouts cleared this directory
    walk::EntryKind kind = walk::EntryKind::directory;
    bool aliased = false; ///< its layer calls it by another path, or it is a hard link
};

static_assert(sizeof(TreeNode) == 36);

/// The merged tree of MergedRootfs: nodes, names, and how to find them. Grows while layers are
/// applied in order and is constant afterwards.
class Tree {
  public:
    Tree();

    /// Takes memory for about so many entries at once, instead of growing to it.
    void expect(std::size_t entries);

    /// Applies the next layer's entries in stream order. Whiteouts and opaque markers hide what
    /// lower layers brought, wherever in the stream they stand. Remarks go to `notes`. Errors are
    /// limit_exceeded.
    Status apply(const walk::LayerFacts& facts, std::vector<std::string>& notes);

    /// Makes the index of names; after the last layer.
    void finish();

    const TreeNode& node(std::uint32_t id) const { return nodes_[id]; }

    /// The content of a regular file's node; `content_at` takes its number, TreeNode::value.
    const TreeContent& content(std::uint32_t id) const { return contents_[nodes_[id].value]; }

    const TreeContent& content_at(std::size_t number) const { return contents_[number]; }

    std::size_t contents() const { return contents_.size(); }

    std::string_view name(std::uint32_t id) const {
        return std::string_view(arena_).substr(nodes_[id].name, nodes_[id].name_size);
    }

    std::string_view target(std::uint32_t id) const {
        return std::string_view(arena_).substr(nodes_[id].value, nodes_[id].target_size);
    }

    /// The path of a node, built anew.
    std::string path(std::uint32_t id) const;

    /// The number of nodes below the root.
    std::size_t size() const { return live_; }

    /// One past the largest node number; `is_live` tells which exist.
    std::uint32_t end() const { return static_cast<std::uint32_t>(nodes_.size()); }

    bool is_live(std::uint32_t id) const { return nodes_[id].parent != kNoNode; }

    enum class LastLink : std::uint8_t { follow, keep };

    /// The node a path leads to through symlinks, inside the root; kNoNode if there is none or
    /// after limits::kSymlinkHops hops.
    std::uint32_t resolve(std::string_view path, LastLink last) const;

    /// As `resolve` for a symlink's target.
    std::uint32_t follow(std::uint32_t link) const;

    /// The live nodes of that name.
    std::vector<std::uint32_t> named(std::string_view name) const;

  private:
    /// The hash stands beside the node's number, so that a search touches no node but the one it
    /// looks for.
    struct Slot {
        std::uint32_t node = kNoNode; ///< none if the slot is free
        std::uint32_t hash = 0;       ///< of parent and name
    };

    /// How far a path could be followed.
    struct Steps {
        std::uint32_t node = kNoNode;
        std::string rest{};   ///< what is left because its first component does not exist below
        std::size_t hops = 0; ///< symlinks followed so far
    };

    bool take_steps(Steps& steps, LastLink last) const;

    Status add(const walk::EntryFact& fact, std::uint32_t number);
    Status fill(std::uint32_t id, const walk::EntryFact& fact, std::uint32_t number);
    Status add_hard_link(std::uint32_t parent, std::string_view name, const walk::EntryFact& fact);
    Result<std::uint32_t> put(std::uint32_t parent, std::string_view name, walk::EntryKind kind);
    Result<std::uint32_t> parent_for(std::string_view directory);
    void note(std::string text);

    Steps first_steps(std::string_view directory) const;

    std::uint32_t child(std::uint32_t parent, std::string_view name) const;
    std::uint32_t child(std::uint32_t parent, std::string_view name, std::uint32_t hash) const;
    Result<std::uint32_t>
    insert(std::uint32_t parent, std::string_view name, std::uint32_t hash, walk::EntryKind kind);
    void become(std::uint32_t id, walk::EntryKind kind);
    void remove(std::uint32_t id);
    void remove_children(std::uint32_t id);
    void detach(std::uint32_t id);
    void sweep(std::uint32_t directory);
    void hide(std::uint32_t id);

    Result<std::uint32_t> store(std::string_view bytes);
    Result<std::uint32_t> add_content(const TreeContent& content);
    std::uint32_t hash_of(std::uint32_t parent, std::string_view name) const;
    void table_insert(std::uint32_t id, std::uint32_t hash);
    void table_erase(std::uint32_t id);
    void grow_table(std::size_t slots);

    std::vector<TreeNode> nodes_;
    std::vector<TreeContent> contents_;
    std::string arena_;
    std::vector<Slot> table_;          ///< open addressing over (parent, name)
    std::vector<std::uint32_t> free_;  ///< removed nodes to be used again
    std::vector<std::uint32_t> index_; ///< live nodes, ordered by the hash of their name
    std::vector<std::uint32_t> index_start_;
    std::size_t live_ = 0;
    std::uint64_t seed_;

    // while a layer is applied
    std::uint16_t layer_ = kNoLayer;
    std::vector<std::string>* notes_ = nullptr;
    std::string last_directory_; ///< as written in the layer, resolved to last_parent_
    std::uint32_t last_parent_ = kNoNode;
    bool last_direct_ = true; ///< no symlink on the way
};

} // namespace bulla::oci
