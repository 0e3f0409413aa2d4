// SPDX-License-Identifier: Apache-2.0
#include "tests/support/memory_file_view.hpp"

#include "base/core/limits.hpp"
#include "base/core/text.hpp"

#include <set>
#include <utility>

namespace bulla::test {
namespace {

/// walk::PathPattern's syntax, by plain recursion: globs and paths are a test's own.
bool matches(std::string_view glob, std::string_view path) {
    if (glob.empty()) {
        return path.empty();
    }
    if (glob.starts_with("**/")) {
        for (std::size_t at = 0;; ++at) {
            if (matches(glob.substr(3), path.substr(at))) {
                return true;
            }
            at = path.find('/', at);
            if (at == std::string_view::npos) {
                return false;
            }
        }
    }
    if (glob.front() == '{') {
        const std::size_t end = glob.find('}');
        std::string_view alternatives = glob.substr(1, end - 1);
        while (!alternatives.empty()) {
            const std::string_view alternative = text::take_until(alternatives, ',');
            if (matches(std::string(alternative) + std::string(glob.substr(end + 1)), path)) {
                return true;
            }
        }
        return false;
    }
    if (glob.front() == '*') {
        return matches(glob.substr(1), path) ||
               (!path.empty() && path.front() != '/' && matches(glob, path.substr(1)));
    }
    const bool same =
        !path.empty() && (glob.front() == '?' ? path.front() != '/' : glob.front() == path.front());
    return same && matches(glob.substr(1), path.substr(1));
}

} // namespace

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
        if (node.type == FileType::directory || !matches(glob, path)) {
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

Result<FileContent> MemoryFileView::read(const FileEntry& file) const {
    const auto it = nodes_.find(file.path);
    if (it == nodes_.end() || !it->second.kept) {
        return Error{ErrorCode::unsupported, "the content of this file was not kept"};
    }
    return FileContent::borrowed(it->second.content);
}

} // namespace bulla::test
