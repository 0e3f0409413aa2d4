// SPDX-License-Identifier: Apache-2.0
#include "oci/store/new_layout.hpp"

#include "oci/store/layout_folder.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <filesystem>

namespace bulla::oci {

namespace fs = std::filesystem;

namespace {

bool holds_only_the_two_files(const std::string& path) {
    std::error_code problem;
    for (const auto& entry : fs::directory_iterator(path, problem)) {
        const auto name = entry.path().filename();
        if (name != "oci-layout" && name != "index.json") {
            return false;
        }
    }
    return !problem;
}

void remove_empty_layout(const std::string& path) {
    const FileDescriptor folder(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    // Somebody who holds the lock is writing an entry.
    if (!folder.is_open() || ::flock(folder.value(), LOCK_EX | LOCK_NB) != 0) {
        return;
    }
    const auto layout = LayoutFolder::open(path);
    const auto index = layout ? layout->read_index() : Result<RawIndex>(layout.error());
    if (!index || !index->entries.empty()) {
        return;
    }
    // rmdir takes away what is empty and nothing else.
    for (const char* const name : {"blobs/sha256", "blobs/sha512", "blobs"}) {
        ::unlinkat(folder.value(), name, AT_REMOVEDIR);
    }
    if (holds_only_the_two_files(path)) {
        ::unlinkat(folder.value(), "index.json", 0);
        ::unlinkat(folder.value(), "oci-layout", 0);
    }
}

} // namespace

NewLayout::NewLayout(const std::string& path) : path_(path) {
    std::error_code problem;
    if (path.empty()) {
        return;
    }
    had_layout_ = fs::exists(path + "/oci-layout", problem) || problem;
    fs::path folder = fs::absolute(path, problem).lexically_normal();
    if (!folder.has_filename()) { // "dir/"
        folder = folder.parent_path();
    }
    for (; !folder.empty() && folder != folder.root_path() && !fs::exists(folder, problem) &&
           !problem;
         folder = folder.parent_path()) {
        made_.push_back(folder.string());
    }
}

void NewLayout::remove_if_empty() const noexcept {
    if (path_.empty() || had_layout_) {
        return;
    }
    try {
        remove_empty_layout(path_);
        // Each is removed only if nothing is left in it.
        static_cast<void>(std::ranges::all_of(
            made_, [](const std::string& folder) { return ::rmdir(folder.c_str()) == 0; }));
    } catch (const std::exception&) {
        return; // no memory: what is there stays, which harms nobody
    }
}

} // namespace bulla::oci
