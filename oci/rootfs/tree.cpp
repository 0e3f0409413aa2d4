// SPDX-License-Identifier: Apache-2.0
#include "oci/rootfs/tree.hpp"

#include "base/core/limits.hpp"
#include "base/core/text.hpp"

#include <sys/random.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <utility>

namespace bulla::oci {

namespace {

constexpr std::uint64_t kMultiplier = 0x9E3779B97F4A7C15ULL;

std::uint64_t mix(std::uint64_t a, std::uint64_t b) {
    __extension__ using Wide = unsigned __int128;
    const Wide product = Wide{a ^ kMultiplier} * (b ^ 0xD1B54A32D192ED03ULL);
    return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64U);
}

/// Keyed, because names come from strangers who could choose them to collide.
std::uint64_t hash_name(std::uint64_t seed, std::string_view name) {
    std::uint64_t hash = mix(seed, name.size());
    std::uint64_t word = 0;
    while (name.size() > 8) {
        std::memcpy(&word, name.data(), 8);
        hash = mix(hash, word);
        name.remove_prefix(8);
    }
    word = 0;
    std::memcpy(&word, name.data(), name.size());
    return mix(hash, word);
}

std::uint64_t random_seed() {
    std::uint64_t seed = kMultiplier;
    // Without randomness the table still works; only its worst case can then be provoked.
    if (getrandom(&seed, sizeof seed, GRND_NONBLOCK) != sizeof seed) {
        seed = kMultiplier;
    }
    return seed;
}

Error too_large(std::string_view what) {
    return Error{ErrorCode::limit_exceeded,
                 "expected an image whose file tree fits into memory and found too many " +
                     std::string(what)};
}

} // namespace

Tree::Tree() : table_(1024), seed_(random_seed()) {
    TreeNode root;
    root.parent = kRootNode; // so that ".." at the root stays there
    nodes_.push_back(root);
}

void Tree::expect(std::size_t entries) {
    constexpr std::size_t kNameBytes = 16;
    nodes_.reserve(nodes_.size() + entries);
    contents_.reserve(contents_.size() + entries);
    arena_.reserve(arena_.size() + entries * kNameBytes);
    // As many slots as growing one by one would come to.
    grow_table(std::max(table_.size(), std::bit_ceil(entries + entries / 2)));
}

std::string Tree::path(std::uint32_t id) const {
    std::string path(nodes_[id].path_size, '/');
    std::size_t end = path.size();
    while (id != kRootNode) {
        const auto part = name(id);
        end -= part.size();
        path.replace(end, part.size(), part);
        end -= end > 0 ? 1 : 0;
        id = nodes_[id].parent;
    }
    return path;
}

/// Goes on with `steps.rest` below `steps.node` as far as there is something. False after too many
/// symlinks.
bool Tree::take_steps(Steps& steps, LastLink last) const {
    std::string owner = std::move(steps.rest);
    std::string_view rest = owner;
    steps.rest.clear();
    while (!rest.empty()) {
        const auto here = rest;
        const auto part = text::take_until(rest, '/');
        if (part.empty() || part == ".") {
            continue;
        }
        if (nodes_[steps.node].kind != walk::EntryKind::directory) {
            steps.rest = here;
            return true;
        }
        if (part == "..") {
            steps.node = nodes_[steps.node].parent;
            continue;
        }
        const auto next = child(steps.node, part);
        if (next == kNoNode) {
            steps.rest = here;
            return true;
        }
        const bool is_last = rest.find_first_not_of('/') == std::string_view::npos;
        if (nodes_[next].kind != walk::EntryKind::symlink || (is_last && last == LastLink::keep)) {
            steps.node = next;
            continue;
        }
        if (++steps.hops > limits::kSymlinkHops) {
            return false;
        }
        std::string expanded(target(next));
        if (expanded.starts_with('/')) {
            steps.node = kRootNode;
        }
        expanded += '/';
        expanded += rest;
        owner = std::move(expanded);
        rest = owner;
    }
    return true;
}

std::uint32_t Tree::resolve(std::string_view path, LastLink last) const {
    Steps steps{kRootNode, std::string(path)};
    return take_steps(steps, last) && steps.rest.empty() ? steps.node : kNoNode;
}

std::uint32_t Tree::follow(std::uint32_t link) const {
    const auto target_text = target(link);
    Steps steps{target_text.starts_with('/') ? kRootNode : nodes_[link].parent,
                std::string(target_text),
                1};
    return take_steps(steps, LastLink::follow) && steps.rest.empty() ? steps.node : kNoNode;
}

std::vector<std::uint32_t> Tree::named(std::string_view wanted) const {
    std::vector<std::uint32_t> found;
    const auto bucket = hash_name(seed_, wanted) & (index_start_.size() - 2);
    for (auto i = index_start_[bucket]; i < index_start_[bucket + 1]; ++i) {
        if (name(index_[i]) == wanted) {
            found.push_back(index_[i]);
        }
    }
    return found;
}

/// A counting sort of the nodes into buckets by the hash of their name. Room that was taken and not
/// used is left: no page of it was ever touched, and moving the rest would cost more.
void Tree::finish() {
    free_ = {};
    const auto buckets = std::bit_ceil(live_ / 2 + 1);
    // Counted two places further on, so that filling the buckets moves the starts into place.
    index_start_.assign(buckets + 2, 0);
    index_.resize(live_);
    std::vector<std::uint32_t> bucket_of(nodes_.size());
    for (std::uint32_t id = kRootNode + 1; id < end(); ++id) {
        if (is_live(id)) {
            bucket_of[id] = static_cast<std::uint32_t>(hash_name(seed_, name(id)) & (buckets - 1));
            ++index_start_[bucket_of[id] + 2];
        }
    }
    for (std::size_t i = 2; i < index_start_.size(); ++i) {
        index_start_[i] += index_start_[i - 1];
    }
    for (std::uint32_t id = kRootNode + 1; id < end(); ++id) {
        if (is_live(id)) {
            index_[index_start_[bucket_of[id] + 1]++] = id;
        }
    }
    index_start_.pop_back();
}

std::uint32_t Tree::hash_of(std::uint32_t parent, std::string_view name) const {
    return static_cast<std::uint32_t>(hash_name(mix(seed_, parent), name));
}

std::uint32_t Tree::child(std::uint32_t parent, std::string_view name) const {
    return child(parent, name, hash_of(parent, name));
}

std::uint32_t Tree::child(std::uint32_t parent, std::string_view name, std::uint32_t hash) const {
    const auto mask = table_.size() - 1;
    for (std::size_t at = hash & mask; table_[at].node != kNoNode; at = (at + 1) & mask) {
        const auto id = table_[at].node;
        if (table_[at].hash == hash && nodes_[id].parent == parent && this->name(id) == name) {
            return id;
        }
    }
    return kNoNode;
}

Result<std::uint32_t> Tree::store(std::string_view bytes) {
    if (bytes.size() > kNoNode - arena_.size()) {
        return too_large("bytes of names");
    }
    const auto at = static_cast<std::uint32_t>(arena_.size());
    arena_ += bytes;
    return at;
}

Result<std::uint32_t> Tree::add_content(const TreeContent& content) {
    if (contents_.size() == kNoNode) {
        return too_large("files");
    }
    contents_.push_back(content);
    return static_cast<std::uint32_t>(contents_.size() - 1);
}

/// `hash` is hash_of(parent, name), which the caller has from looking for the name.
Result<std::uint32_t> Tree::insert(std::uint32_t parent,
                                   std::string_view name,
                                   std::uint32_t hash,
                                   walk::EntryKind kind) {
    TreeNode node;
    node.kind = kind;
    const std::size_t above = nodes_[parent].path_size;
    const auto path_size = above + (above > 0 ? 1 : 0) + name.size();
    // Through symlinks a path can become longer than any that was written.
    if (path_size > limits::kPathBytes) {
        return Error{ErrorCode::limit_exceeded,
                     "expected paths of at most " + std::to_string(limits::kPathBytes) +
                         " bytes in the merged tree and found a longer one below \"" +
                         text::printable(path(parent).substr(0, 200)) + "...\""};
    }
    BULLA_TRY_ASSIGN(node.name, store(name));
    node.name_size = static_cast<std::uint16_t>(name.size());
    node.path_size = static_cast<std::uint16_t>(path_size);
    node.parent = parent;
    node.layer = layer_;
    node.next = nodes_[parent].first_child;
    std::uint32_t id = kNoNode;
    if (!free_.empty()) {
        id = free_.back();
        free_.pop_back();
        nodes_[id] = node;
    } else {
        if (nodes_.size() == kNoNode) {
            return too_large("names");
        }
        id = static_cast<std::uint32_t>(nodes_.size());
        nodes_.push_back(node);
    }
    if (node.next != kNoNode) {
        nodes_[node.next].previous = id;
    }
    nodes_[parent].first_child = id;
    ++live_;
    if (live_ * 3 > table_.size() * 2) {
        grow_table(table_.size() * 2);
    }
    table_insert(id, hash);
    return id;
}

void Tree::table_insert(std::uint32_t id, std::uint32_t hash) {
    const auto mask = table_.size() - 1;
    std::size_t at = hash & mask;
    while (table_[at].node != kNoNode) {
        at = (at + 1) & mask;
    }
    table_[at] = {id, hash};
}

/// `slots` is a power of two.
void Tree::grow_table(std::size_t slots) {
    for (const Slot& slot : std::exchange(table_, std::vector<Slot>(slots))) {
        if (slot.node != kNoNode) {
            table_insert(slot.node, slot.hash);
        }
    }
}

/// Closes the gap by moving later entries of the run back, so that no tombstones pile up.
void Tree::table_erase(std::uint32_t id) {
    const auto mask = table_.size() - 1;
    std::size_t hole = hash_of(nodes_[id].parent, name(id)) & mask;
    while (table_[hole].node != id) {
        hole = (hole + 1) & mask;
    }
    for (std::size_t at = (hole + 1) & mask; table_[at].node != kNoNode; at = (at + 1) & mask) {
        const std::size_t home = table_[at].hash & mask;
        // May move if its home is not between the hole and where it is.
        if (((at - home) & mask) >= ((at - hole) & mask)) {
            table_[hole] = table_[at];
            hole = at;
        }
    }
    table_[hole] = {};
}

/// Takes a node that has no children out of the tree.
void Tree::detach(std::uint32_t id) {
    TreeNode& node = nodes_[id];
    if (node.previous != kNoNode) {
        nodes_[node.previous].next = node.next;
    } else {
        nodes_[node.parent].first_child = node.next;
    }
    if (node.next != kNoNode) {
        nodes_[node.next].previous = node.previous;
    }
    table_erase(id);
    node.parent = kNoNode;
    free_.push_back(id);
    --live_;
    last_parent_ = kNoNode;
}

void Tree::remove_children(std::uint32_t id) {
    // Down to a leaf, take it off, and up again: depth is foreign, so no recursion.
    std::uint32_t at = id;
    while (true) {
        while (nodes_[at].first_child != kNoNode) {
            at = nodes_[at].first_child;
        }
        if (at == id) {
            return;
        }
        const auto above = nodes_[at].parent;
        detach(at);
        at = above;
    }
}

void Tree::remove(std::uint32_t id) {
    remove_children(id);
    detach(id);
}

} // namespace bulla::oci
