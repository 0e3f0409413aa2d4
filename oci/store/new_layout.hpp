// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace bulla::oci {

/// Remembers what was there before a layout folder is written to for the first time, so that a
/// layout which stayed empty can be taken away again. Made before create_or_open_layout.
class NewLayout {
  public:
    /// Looks at `path`; an empty path stands for a destination that is no folder.
    explicit NewLayout(const std::string& path);

    /// Removes oci-layout, an index.json without entries and empty folders for blobs if they were
    /// not there before, then the folders that were made for them. Whatever else is there, an image
    /// or a single blob included, keeps everything as it is. Safe to call from an interruption,
    /// beside threads that still write; failures leave things as they are.
    void remove_if_empty() const noexcept;

  private:
    std::string path_;
    bool had_layout_ = true;
    std::vector<std::string> made_; ///< folders that were missing, the innermost first
};

} // namespace bulla::oci
