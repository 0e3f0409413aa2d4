// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/walk/directory_reader.hpp"
#include "oci/rootfs/load_rootfs.hpp"

#include <string>
#include <vector>

namespace bulla::oci {

/// A folder as a tree of files.
struct LoadedDirectory {
    MergedRootfs tree; ///< of one layer, named "directory"
    std::vector<walk::UnreadFile> unread;
};

/// Reads a folder (walk::read_directory) as the only layer of an image would be read, so that links
/// and what is behind them mean the same in both. A file that a wanted name links to and that is
/// not kept, or that a scanner needs once more, causes a second reading of the whole folder
/// (docs/adr/0008).
Result<LoadedDirectory> load_directory(const std::string& path, const walk::RouterSpec& wanted);

} // namespace bulla::oci
