// SPDX-License-Identifier: Apache-2.0
#include "oci/rootfs/merged_rootfs.hpp"

#include "base/core/limits.hpp"
#include "base/core/text.hpp"
#include "base/walk/glob.hpp"
#include "oci/rootfs/merged_state.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace bulla::oci {

namespace {

using Kind = walk::GlobComponent::Kind;

/// FileEntry::node of what is not a regular file: out of the way of content numbers.
constexpr std::uint64_t kOtherNodes = std::uint64_t{1} << 32U;

FileType type_of(walk::EntryKind kind) {
    switch (kind) {
    case walk::EntryKind::directory:
        return FileType::directory;
    case walk::EntryKind::symlink:
        return FileType::symlink;
    case walk::EntryKind::character_device:
        return FileType::character_device;
    case walk::EntryKind::block_device:
        return FileType::block_device;
    case walk::EntryKind::fifo:
        return FileType::fifo;
    case walk::EntryKind::regular:
    case walk::EntryKind::hard_link:
    case walk::EntryKind::whiteout:
    case walk::EntryKind::opaque:
        break;
    }
    return FileType::regular;
}

FileEntry entry_of(const Tree& tree, std::uint32_t id) {
    const auto& node = tree.node(id);
    FileEntry entry;
    entry.path = tree.path(id);
    entry.type = type_of(node.kind);
    entry.layer = id == kRootNode ? 0U : node.layer;
    entry.node = kOtherNodes + id;
    if (node.kind == walk::EntryKind::regular) {
        const auto& content = tree.content(id);
        entry.size = content.size;
        entry.layer = content.layer;
        entry.node = node.value;
    }
    return entry;
}

/// Compares from the last component upwards, which tells nearly all names apart without building a
/// path.
bool matches(const Tree& tree, const walk::Glob& glob, std::uint32_t id) {
    auto at = id;
    for (auto i = glob.components.size(); i > 0; --i) {
        const auto& part = glob.components[i - 1];
        if (part.kind == Kind::any_depth) {
            return i == 1 || glob.matches(tree.path(id));
        }
        if (at == kRootNode || !part.matches(tree.name(at))) {
            return false;
        }
        at = tree.node(at).parent;
    }
    return at == kRootNode;
}

void collect(const Tree& tree, const walk::Glob& glob, std::vector<std::uint32_t>& files) {
    const auto consider = [&](std::uint32_t id) {
        if (tree.is_live(id) && is_file_or_link(tree.node(id)) && matches(tree, glob, id)) {
            if (const auto file = file_behind(tree, id); file != kNoNode) {
                files.push_back(file);
            }
        }
    };
    if (glob.components.back().kind == Kind::literal) {
        std::ranges::for_each(tree.named(glob.components.back().text), consider);
        return;
    }
    for (auto id = kRootNode + 1; id < tree.end(); ++id) {
        consider(id);
    }
}

} // namespace

void for_each_at(const Tree& tree,
                 const ScansByPlace& scans,
                 const std::function<void(std::uint32_t, const walk::ScanFact&)>& visit) {
    if (scans.empty()) {
        return;
    }
    for (auto id = kRootNode + 1; id < tree.end(); ++id) {
        if (!tree.is_live(id) || tree.node(id).kind != walk::EntryKind::regular) {
            continue;
        }
        const auto& content = tree.content(id);
        const Place place(content.layer, content.entry);
        const auto range =
            std::ranges::equal_range(scans, place, {}, [](const auto& scan) { return scan.first; });
        for (const auto& [at, scan] : range) {
            visit(id, scan);
        }
    }
}

MergedRootfs::MergedRootfs(std::unique_ptr<State> state) : state_(std::move(state)) {}

MergedRootfs::MergedRootfs(MergedRootfs&&) noexcept = default;
MergedRootfs& MergedRootfs::operator=(MergedRootfs&&) noexcept = default;
MergedRootfs::~MergedRootfs() = default;

Result<MergedRootfs> MergedRootfs::merge(std::vector<walk::LayerFacts> layers,
                                         std::vector<std::string> layer_names,
                                         std::vector<std::string> scanner_ids) {
    if (layers.size() != layer_names.size()) {
        return Error{ErrorCode::internal, "the number of layers and of their names differ"};
    }
    if (layers.size() > limits::kLayers) {
        return Error{ErrorCode::limit_exceeded,
                     "expected at most " + std::to_string(limits::kLayers) + " layers and found " +
                         std::to_string(layers.size())};
    }
    auto state = std::make_unique<State>();
    state->facts = std::move(layers);
    state->layer_names = std::move(layer_names);
    state->scanner_ids = std::move(scanner_ids);
    // The largest layer alone: the others mostly change what is there.
    std::size_t largest = 0;
    for (const auto& facts : state->facts) {
        largest = std::max(largest, facts.size());
    }
    state->tree.expect(largest);
    for (std::size_t i = 0; i < state->facts.size(); ++i) {
        auto notes = state->facts[i].notes();
        std::vector<std::string> merge_notes;
        BULLA_TRY(state->tree.apply(state->facts[i], merge_notes));
        std::ranges::move(merge_notes, std::back_inserter(notes));
        for (const auto& note : notes) {
            state->notes.push_back(state->layer_names[i] + ": " + note);
        }
    }
    state->tree.finish();
    return MergedRootfs(std::move(state));
}

const std::vector<std::string>& MergedRootfs::layers() const {
    return state_->layer_names;
}

std::optional<FileEntry> MergedRootfs::find(std::string_view path) const {
    const auto id = state_->tree.resolve(path, Tree::LastLink::follow);
    return id == kNoNode ? std::nullopt : std::optional(entry_of(state_->tree, id));
}

void MergedRootfs::for_each_match(std::string_view glob,
                                  const std::function<void(const FileEntry&)>& visit) const {
    const auto globs = walk::compile_glob(glob);
    if (!globs) {
        return;
    }
    std::vector<std::uint32_t> files;
    for (const auto& one : *globs) {
        collect(state_->tree, one, files);
    }
    std::ranges::sort(files);
    files.erase(std::ranges::unique(files).begin(), files.end());
    std::vector<FileEntry> entries;
    entries.reserve(files.size());
    for (const auto id : files) {
        entries.push_back(entry_of(state_->tree, id));
    }
    std::ranges::sort(entries, {}, &FileEntry::path);
    std::ranges::for_each(entries, visit);
}

Result<FileContent> MergedRootfs::read(const FileEntry& file) const {
    return read_range(file, 0, file.size);
}

Result<FileContent>
MergedRootfs::read_range(const FileEntry& file, std::uint64_t offset, std::uint64_t length) const {
    const auto name = [&] { return "\"" + text::printable(file.path) + "\""; };
    if (file.type != FileType::regular || file.node >= state_->tree.contents()) {
        return Error{ErrorCode::unsupported, name() + " is not a regular file of this image"};
    }
    const auto& content = state_->tree.content_at(file.node);
    if (content.state == walk::ContentState::too_large) {
        return Error{ErrorCode::limit_exceeded,
                     name() + " has " + std::to_string(content.size) +
                         " bytes, more than is kept of such a file"};
    }
    if (content.state == walk::ContentState::none) {
        return Error{ErrorCode::unsupported, "the content of " + name() + " was not kept"};
    }
    if (offset > content.size || length > content.size - offset) {
        return Error{ErrorCode::malformed,
                     "expected " + std::to_string(length) + " bytes at " + std::to_string(offset) +
                         " of " + name() + ", it has " + std::to_string(content.size)};
    }
    walk::EntryFact fact;
    fact.size = length;
    fact.content_offset = content.offset + offset;
    return state_->facts[content.layer].read_content(fact);
}

Status MergedRootfs::for_each_scanned(
    std::string_view scanner,
    const std::function<Status(const FileEntry&, ByteView facts)>& visit) const {
    const auto id = std::ranges::find(state_->scanner_ids, scanner);
    if (id == state_->scanner_ids.end()) {
        return ok();
    }
    const auto number = static_cast<std::uint32_t>(id - state_->scanner_ids.begin());
    ScansByPlace scans;
    for (std::uint32_t layer = 0; layer < state_->facts.size(); ++layer) {
        state_->facts[layer].for_each_scan([&](const walk::ScanFact& scan) {
            if (scan.scanner == number && scan.size > 0) {
                scans.emplace_back(Place{layer, static_cast<std::uint32_t>(scan.entry)}, scan);
            }
        });
    }
    std::vector<std::pair<FileEntry, const walk::ScanFact*>> files;
    for_each_at(state_->tree, scans, [&](std::uint32_t file, const walk::ScanFact& scan) {
        files.emplace_back(entry_of(state_->tree, file), &scan);
    });
    std::ranges::sort(files, {}, [](const auto& file) -> const auto& { return file.first.path; });
    std::set<std::uint64_t> seen; // a file with several names is one file
    for (const auto& [file, scan] : files) {
        if (seen.insert(file.node).second) {
            BULLA_TRY_ASSIGN(const auto facts, state_->facts[file.layer].read_scan(*scan));
            BULLA_TRY(visit(file, facts.bytes()));
        }
    }
    return ok();
}

std::vector<walk::LayerFacts> MergedRootfs::release_layers() && {
    return std::move(state_->facts);
}

std::size_t MergedRootfs::size() const {
    return state_->tree.size();
}

std::vector<std::string> MergedRootfs::notes() const {
    return state_->notes;
}

} // namespace bulla::oci
