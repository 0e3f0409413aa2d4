// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/core/result.hpp"
#include "base/walk/entry_router.hpp"
#include "base/walk/layer_facts.hpp"

#include <string>
#include <vector>

namespace bulla::walk {

/// A file or folder that could not be read, or not as one state of it.
struct UnreadFile {
    std::string path; ///< from the root, in FileEntry's form
    std::string reason;
};

/// What reading a folder gives.
struct DirectoryFacts {
    LayerFacts facts;               ///< as of a layer that holds just these files
    std::vector<UnreadFile> unread; ///< in the order of the walk
};

/// Reads a folder of the file system as if it were a layer: every file below it, in byte order of
/// the names in each folder, with the content that the router wants. Only the root itself may be a
/// symbolic link; below it none is followed, so nothing outside of the root is ever opened, and no
/// device, FIFO or socket is. Other file systems mounted below the root are not entered; a note in
/// the facts names each. Two names of one file are a hard link.
///
/// Wanted files that cannot be opened, vanish or change while they are read, folders that cannot be
/// opened or are nested deeper than limits::kDirectoryDepth, paths beyond limits::kPathBytes and
/// names that would be whiteouts in a layer are unread, and the rest goes on. not_found: there is
/// no such folder. malformed: it is no folder. limit_exceeded: more than limits::kLayerEntries
/// files, or more content than LayerFactsWriter takes.
Result<DirectoryFacts> read_directory(const std::string& path, const EntryRouter& router);

} // namespace bulla::walk
