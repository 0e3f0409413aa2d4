// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/io/file_view.hpp"
#include "base/walk/entry_router.hpp"
#include "base/walk/layer_facts.hpp"

#include <memory>
#include <string>
#include <vector>

namespace bulla::oci {

/// What a second reading of one layer must bring: a wanted name is a link to this file, or a
/// scanner needs it once more.
struct MissingContent {
    std::uint32_t layer = 0;
    walk::RequiredPath required;
};

/// The file tree a container would see: the facts of all layers merged from the bottom up
/// (image-spec layer.md, "Applying Changesets"). One node per path, one tree for the image; content
/// stays in the LayerFacts, which this object owns.
class MergedRootfs final : public FileView {
  public:
    /// Merges. `layer_names` are the digests that FileView::layers() returns, one per layer, base
    /// first; `scanner_ids` are those of the router that the layers were read with. The rules are
    /// those of the specification where it speaks (whiteouts hide lower layers only, opaque
    /// directories, a type change drops the old subtree), and of the runtimes where it does not: a
    /// path below a symlinked directory of a lower layer is applied through the link, inside the
    /// root; a hard link binds to the content its target has at that moment and keeps it when the
    /// target is hidden or replaced later.
    static Result<MergedRootfs> merge(std::vector<walk::LayerFacts> layers,
                                      std::vector<std::string> layer_names,
                                      std::vector<std::string> scanner_ids = {});

    MergedRootfs(MergedRootfs&&) noexcept;
    MergedRootfs& operator=(MergedRootfs&&) noexcept;
    ~MergedRootfs() override;

    const std::vector<std::string>& layers() const override;
    std::optional<FileEntry> find(std::string_view path) const override;
    void for_each_match(std::string_view glob,
                        const std::function<void(const FileEntry&)>& visit) const override;
    Status for_each_scanned(
        std::string_view scanner,
        const std::function<Status(const FileEntry&, ByteView facts)>& visit) const override;
    Result<FileContent> read(const FileEntry& file) const override;
    Result<FileContent>
    read_range(const FileEntry& file, std::uint64_t offset, std::uint64_t length) const override;

    /// The files that a name matching the router leads to (over symlinks or hard links) and that
    /// were not kept or scanned, because the layer they are in was read under another name; and the
    /// files that a scanner could not do with one passing look. Whoever merges reads those layers
    /// again with these paths required, and merges again.
    std::vector<MissingContent> missing_content(const walk::EntryRouter& router) const;

    /// Gives the facts back, base first; the tree is spent.
    std::vector<walk::LayerFacts> release_layers() &&;

    /// The number of visible files, directories and links.
    std::size_t size() const;

    /// Remarks of all layers, each with its layer's name in front.
    std::vector<std::string> notes() const;

  private:
    struct State;
    explicit MergedRootfs(std::unique_ptr<State> state);

    std::unique_ptr<State> state_;
};

} // namespace bulla::oci
