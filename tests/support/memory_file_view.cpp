// SPDX-License-Identifier: Apache-2.0
#include "tests/support/memory_file_view.hpp"

#include "base/core/limits.hpp"
#include "base/walk/entry_router.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace bulla::test {

void MemoryFileView::begin_layer(std::string name) {
    if (!std::exchange(named_layer_, true)) {
        layers_.clear();
    }
    layers_.push_back(std::move(name));
}

void MemoryFileView::put(std::string path, Node node) {
    node.layer = static_cast<std::uint32_t>(layers_.size() - 1);
    for (std::size_t at = path.find('/'); at != std::string::npos; at = path.find('/', at + 1)) {
        nodes_.try_emplace(path.substr(0, at), Node{FileType::directory, {}, node.layer, true});
    }
    nodes_[std::move(path)] = std::move(node);
}

void MemoryFileView::add(std::string path, std::string content) {
    put(std::move(path), {FileType::regular, std::move(content), 0, true});
}

void MemoryFileView::link(std::string path, std::string target) {
    put(std::move(path), {FileType::symlink, std::move(target), 0, true});
}

void MemoryFileView::add_unread(std::string path) {
    put(std::move(path), {FileType::regular, {}, 0, false});
}

std::optional<FileEntry> MemoryFileView::find(std::string_view path) const {
    std::string rest(path);
    std::string real;
    std::size_t hops = 0;
    while (!rest.empty()) {
        const std::size_t slash = rest.find('/');
        const std::string part = rest.substr(0, slash);
        rest = slash == std::string::npos ? "" : rest.substr(slash + 1);
        if (part.empty() || part == ".") {
            continue;
        }
        if (part == "..") {
            real = real.find('/') == std::string::npos ? "" : real.substr(0, real.rfind('/'));
            continue;
        }
        const std::string next = real.empty() ? part : real + "/" + part;
        const auto it = nodes_.find(next);
        if (it == nodes_.end()) {
            return std::nullopt;
        }
        if (it->second.type != FileType::symlink) {
            real = next;
            continue;
        }
        if (++hops > limits::kSymlinkHops) {
            return std::nullopt;
        }
        const std::string& target = it->second.content;
        real = target.starts_with('/') ? "" : real;
        rest = rest.empty() ? target : target + "/" + rest;
    }
    const auto it = nodes_.find(real);
    if (it == nodes_.end()) {
        return std::nullopt;
    }
    const auto node = reinterpret_cast<std::uintptr_t>(&it->second);
    return FileEntry{real, it->second.type, it->second.content.size(), it->second.layer, node};
}

void MemoryFileView::for_each_match(std::string_view glob,
                                    const std::function<void(const FileEntry&)>& visit) const {
    std::set<std::string> found;
    for (const auto& [path, node] : nodes_) {
        if (node.type == FileType::directory || !walk::matches_glob(glob, path)) {
            continue;
        }
        const auto file = find(path);
        if (file && file->type == FileType::regular) {
            found.insert(file->path);
        }
    }
    for (const std::string& path : found) {
        visit(*find(path));
    }
}

namespace {

bool wants(const walk::ScannerKind& scanner, std::string_view path, ByteView content) {
    const bool by_name = std::ranges::any_of(
        scanner.globs, [&](std::string_view glob) { return walk::matches_glob(glob, path); });
    return by_name || (scanner.recognises != nullptr && content.size() >= walk::kScanHeadBytes &&
                       scanner.recognises(content.substr(0, walk::kScanHeadBytes)));
}

Result<walk::ScanResult>
scan(const walk::ScannerKind& kind, ByteView content, walk::ScanEffort effort) {
    const auto scanner = kind.make(content.size(), effort);
    for (std::size_t at = 0, piece = 1; at < content.size(); at += piece, piece = 3 * piece + 1) {
        BULLA_TRY(scanner->feed(content.substr(at, piece)));
    }
    return scanner->finish();
}

} // namespace

Status MemoryFileView::for_each_scanned(
    std::string_view scanner,
    const std::function<Status(const FileEntry&, ByteView facts)>& visit) const {
    const auto kind = std::ranges::find(scanners_, scanner, &walk::ScannerKind::id);
    if (kind == scanners_.end()) {
        return ok();
    }
    for (const auto& [path, node] : nodes_) {
        if (node.type != FileType::regular || !wants(*kind, path, node.content)) {
            continue;
        }
        BULLA_TRY_ASSIGN(auto result, scan(*kind, node.content, walk::ScanEffort::streaming));
        if (result.incomplete) {
            BULLA_TRY_ASSIGN(result, scan(*kind, node.content, walk::ScanEffort::thorough));
        }
        if (!result.facts.empty()) {
            BULLA_TRY(visit(*find(path), result.facts));
        }
    }
    return ok();
}

Result<FileContent> MemoryFileView::read(const FileEntry& file) const {
    const auto it = nodes_.find(file.path);
    if (it == nodes_.end() || !it->second.kept) {
        return Error{ErrorCode::unsupported, "the content of this file was not kept"};
    }
    return FileContent::borrowed(it->second.content);
}

Result<FileContent> MemoryFileView::read_range(const FileEntry& file,
                                               std::uint64_t offset,
                                               std::uint64_t length) const {
    BULLA_TRY_ASSIGN(const FileContent content, read(file));
    const ByteView bytes = content.bytes();
    if (offset > bytes.size() || length > bytes.size() - offset) {
        return Error{ErrorCode::malformed, "these bytes are not inside the file"};
    }
    return FileContent::borrowed(bytes.substr(offset, length));
}

} // namespace bulla::test
