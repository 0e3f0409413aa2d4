// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/io/file_view.hpp"
#include "base/walk/entry_scanner.hpp"

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bulla::test {

/// A FileView made by hand; hard links are not modelled. Folders come with the files in them. Not
/// safe to change while read.
class MemoryFileView final : public FileView {
  public:
    /// Files that one of `scanners` wants are scanned when asked for, in odd pieces.
    explicit MemoryFileView(std::vector<walk::ScannerKind> scanners = {})
        : layers_{"sha256:layer0"}, scanners_(std::move(scanners)) {}

    /// Later files belong to a new layer of this name.
    void begin_layer(std::string name);

    void add(std::string path, std::string content);

    /// `target` as written in the link: relative to its folder, or absolute.
    void link(std::string path, std::string target);

    /// A file that is there and whose content was not kept.
    void add_unread(std::string path);

    const std::vector<std::string>& layers() const override { return layers_; }

    std::optional<FileEntry> find(std::string_view path) const override;
    void for_each_match(std::string_view glob,
                        const std::function<void(const FileEntry&)>& visit) const override;
    Status for_each_scanned(
        std::string_view scanner,
        const std::function<Status(const FileEntry&, ByteView facts)>& visit) const override;
    Result<FileContent> read(const FileEntry& file) const override;
    Result<FileContent>
    read_range(const FileEntry& file, std::uint64_t offset, std::uint64_t length) const override;

  private:
    struct Node {
        FileType type = FileType::regular;
        std::string content; ///< of a symlink, its target
        std::uint32_t layer = 0;
        bool kept = true;
    };

    void put(std::string path, Node node);

    std::vector<std::string> layers_;
    std::vector<walk::ScannerKind> scanners_;
    bool named_layer_ = false;
    std::map<std::string, Node, std::less<>> nodes_;
};

} // namespace bulla::test
