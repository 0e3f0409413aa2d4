// SPDX-License-Identifier: Apache-2.0
// The part of Tree that applies a layer (image-spec layer.md, "Applying Changesets").
#include "base/core/limits.hpp"
#include "base/core/text.hpp"
#include "oci/rootfs/tree.hpp"

#include <algorithm>
#include <utility>

namespace bulla::oci {

namespace {

constexpr std::size_t kNotesPerLayer = 64;

} // namespace

Status Tree::apply(const walk::LayerFacts& facts, std::vector<std::string>& notes) {
    ++layer_; // from kNoLayer to 0 for the first
    notes_ = &notes;
    last_parent_ = kNoNode;
    Status status = ok();
    std::uint32_t number = 0;
    facts.for_each([&](const walk::EntryFact& fact) {
        if (status) {
            status = [&]() -> Status {
                if (fact.kind == walk::EntryKind::opaque) {
                    // The folder itself: a symlink of that name in a lower layer is not what the
                    // marker is about, and following it would hide another folder.
                    if (const auto id = resolve(fact.path, LastLink::keep); id != kNoNode) {
                        sweep(id);
                    }
                    return ok();
                }
                if (fact.kind == walk::EntryKind::whiteout) {
                    if (const auto id = resolve(fact.path, LastLink::keep); id != kNoNode) {
                        hide(id);
                    }
                    return ok();
                }
                return add(fact, number);
            }();
        }
        ++number;
    });
    notes_ = nullptr;
    return status;
}

void Tree::note(std::string text) {
    if (notes_->size() < kNotesPerLayer) {
        notes_->push_back(std::move(text));
    }
}

/// Removes what lower layers brought below a directory; what this layer brought stays, with the
/// directories it is in. Each directory is swept once per layer, for nothing of a lower layer can
/// come back: that keeps endless markers from costing more than the entries they clear.
void Tree::sweep(std::uint32_t directory) {
    if (nodes_[directory].kind != walk::EntryKind::directory) {
        return;
    }
    std::vector<std::uint32_t> directories{directory};
    for (std::size_t i = 0; i < directories.size(); ++i) {
        TreeNode& node = nodes_[directories[i]];
        if (std::exchange(node.swept, layer_) == layer_) {
            continue;
        }
        for (auto id = node.first_child; id != kNoNode;) {
            const auto next = nodes_[id].next;
            if (nodes_[id].kind == walk::EntryKind::directory) {
                directories.push_back(id);
            } else if (nodes_[id].layer != layer_) {
                remove(id);
            }
            id = next;
        }
    }
    for (std::size_t i = directories.size() - 1; i > 0; --i) {
        TreeNode& node = nodes_[directories[i]];
        if (node.layer == layer_) {
            continue;
        }
        if (node.first_child == kNoNode) {
            remove(directories[i]);
        } else {
            node.layer = layer_;
        }
    }
}

void Tree::hide(std::uint32_t id) {
    if (id == kRootNode) {
        return;
    }
    sweep(id);
    TreeNode& node = nodes_[id];
    if (node.layer == layer_) {
        return;
    }
    if (node.first_child == kNoNode) {
        remove(id);
    } else {
        node.layer = layer_; // this layer's own entries keep the directory alive
    }
}

/// Where the way to a directory can begin: at the deepest one that its path shares with the
/// directory before, if no symlink led there. Archives list one directory after the other, so this
/// is nearly all of the way.
Tree::Steps Tree::first_steps(std::string_view directory) const {
    if (last_parent_ == kNoNode || !last_direct_) {
        return {kRootNode, std::string(directory)};
    }
    const auto differ = std::ranges::mismatch(directory, last_directory_).in1;
    const auto same = static_cast<std::size_t>(differ - directory.begin());
    // Without symlinks on the way, a node's path_size is where its name ends in the path.
    auto node = last_parent_;
    const auto is_above = [&](std::size_t size) {
        return size == 0 || size == directory.size() || directory[size] == '/';
    };
    while (nodes_[node].path_size > same || !is_above(nodes_[node].path_size)) {
        node = nodes_[node].parent;
    }
    return {node, std::string(directory.substr(nodes_[node].path_size))};
}

/// The directory that an entry's parent path leads to, made if it is not there; kNoNode if a
/// symlink on the way leads into a loop or to a file.
Result<std::uint32_t> Tree::parent_for(std::string_view directory) {
    if (last_parent_ != kNoNode && directory == last_directory_) {
        return last_parent_;
    }
    Steps steps = first_steps(directory);
    while (true) {
        if (!take_steps(steps, LastLink::follow)) {
            return kNoNode;
        }
        if (nodes_[steps.node].kind != walk::EntryKind::directory) {
            // A file in the way gives way to the folder that this layer writes into; one that only
            // a symlink leads to does not, no runtime would unpack that.
            if (steps.hops > 0) {
                return kNoNode;
            }
            become(steps.node, walk::EntryKind::directory);
            nodes_[steps.node].layer = layer_;
        }
        if (steps.rest.empty()) {
            break;
        }
        std::string_view rest = steps.rest;
        const auto part = text::take_until(rest, '/');
        const auto hash = hash_of(steps.node, part);
        if (child(steps.node, part, hash) == kNoNode && part != ".." && part != "." &&
            !part.empty()) {
            BULLA_TRY_ASSIGN(steps.node,
                             insert(steps.node, part, hash, walk::EntryKind::directory));
            steps.rest = std::string(rest);
        }
    }
    last_directory_ = directory;
    last_parent_ = steps.node;
    last_direct_ = steps.hops == 0;
    return last_parent_;
}

Status Tree::add(const walk::EntryFact& fact, std::uint32_t number) {
    const auto slash = fact.path.rfind('/');
    const auto directory = fact.path.substr(0, slash == std::string_view::npos ? 0 : slash);
    const auto name = fact.path.substr(slash + 1); // npos + 1 is 0
    BULLA_TRY_ASSIGN(const std::uint32_t parent, parent_for(directory));
    if (parent == kNoNode) {
        note("\"" + text::printable(fact.path) +
             "\" lies behind a symlink that leads to no directory and is left out");
        return ok();
    }
    const bool direct = last_direct_;
    if (fact.kind == walk::EntryKind::hard_link) {
        return add_hard_link(parent, name, fact);
    }
    BULLA_TRY_ASSIGN(const std::uint32_t id, put(parent, name, fact.kind));
    nodes_[id].aliased = !direct;
    return fill(id, fact, number);
}

/// The node of that name, made or changed into that kind.
Result<std::uint32_t> Tree::put(std::uint32_t parent, std::string_view name, walk::EntryKind kind) {
    const auto hash = hash_of(parent, name);
    const auto id = child(parent, name, hash);
    if (id == kNoNode) {
        return insert(parent, name, hash, kind);
    }
    become(id, kind);
    nodes_[id].layer = layer_;
    return id;
}

Status
Tree::add_hard_link(std::uint32_t parent, std::string_view name, const walk::EntryFact& fact) {
    // Copied before anything is replaced: the target may be in what the link replaces.
    auto target = resolve(fact.target, LastLink::keep);
    TreeNode from;
    if (target == kNoNode || nodes_[target].kind == walk::EntryKind::directory) {
        target = kNoNode;
        note("the hard link \"" + text::printable(fact.path) + "\" leads to \"" +
             text::printable(fact.target) + "\", which is not a file here");
        from.kind = walk::EntryKind::regular;
        TreeContent nothing;
        nothing.layer = layer_;
        BULLA_TRY_ASSIGN(from.value, add_content(nothing));
    } else {
        from = nodes_[target];
    }
    BULLA_TRY_ASSIGN(const std::uint32_t id, put(parent, name, from.kind));
    if (id != target) {
        nodes_[id].value = from.value;
        nodes_[id].target_size = from.target_size;
        nodes_[id].aliased = true;
    } else {
        nodes_[id].target_size = from.target_size; // a link to itself changes nothing
    }
    return ok();
}

/// Changes what a name stands for. A directory stays one with all that is in it; any other change
/// drops the old subtree.
void Tree::become(std::uint32_t id, walk::EntryKind kind) {
    TreeNode& node = nodes_[id];
    if (node.kind == walk::EntryKind::directory && kind != walk::EntryKind::directory) {
        remove_children(id);
    }
    if (node.kind != kind || kind == walk::EntryKind::symlink) {
        last_parent_ = kNoNode; // a directory or a symlink on the way to it may have changed
    }
    if (node.kind != kind) {
        node.swept = kNoLayer;
    }
    node.kind = kind;
    node.target_size = 0;
}

Status Tree::fill(std::uint32_t id, const walk::EntryFact& fact, std::uint32_t number) {
    if (fact.kind == walk::EntryKind::regular) {
        BULLA_TRY_ASSIGN(
            nodes_[id].value,
            add_content({fact.size, fact.content_offset, number, layer_, fact.content_state}));
    } else if (fact.kind == walk::EntryKind::symlink) {
        BULLA_TRY_ASSIGN(nodes_[id].value, store(fact.target));
        nodes_[id].target_size = static_cast<std::uint16_t>(fact.target.size());
    }
    return ok();
}

} // namespace bulla::oci
