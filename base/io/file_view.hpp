// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/core/bytes.hpp"
#include "base/core/result.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bulla {

enum class FileType : std::uint8_t {
    regular,
    directory,
    symlink,
    character_device,
    block_device,
    fifo
};

/// One visible file of a FileView. Paths are bytes, relative to the root, without "./", "..", "//"
/// or a slash at either end: "usr/lib/os-release". The root itself is "".
struct FileEntry {
    std::string path; ///< real path: no component is a symlink
    FileType type = FileType::regular;
    std::uint64_t size = 0; ///< bytes of a regular file; of a hard link, of the file it links to
    std::uint32_t layer =
        0;                  ///< index into FileView::layers() of the layer that brought the content
    std::uint64_t node = 0; ///< identity inside the view: equal for hard links to one content
};

/// The bytes of one file: owned, or a view into the FileView that gave them, which must outlive
/// this.
class FileContent {
  public:
    explicit FileContent(Bytes owned) : owned_(std::move(owned)) {}

    static FileContent borrowed(ByteView view) {
        FileContent content{Bytes()};
        content.borrowed_ = view;
        return content;
    }

    ByteView bytes() const { return borrowed_ ? *borrowed_ : ByteView(owned_); }

  private:
    Bytes owned_;
    std::optional<ByteView> borrowed_;
};

/// A tree of files as a container would see it: the merged layers of an image, later a directory.
/// Read-only and safe for concurrent reads. Symlinks never leave the root: absolute targets start
/// at the root, ".." above it stays there, more than limits::kSymlinkHops hops is not found.
class FileView {
  public:
    virtual ~FileView() = default;

    /// The digests that layer indexes mean: diff_ids for an image, empty for a directory.
    virtual const std::vector<std::string>& layers() const = 0;

    /// The file at `path` after following symlinks in every component, the last included; nothing
    /// if there is none.
    virtual std::optional<FileEntry> find(std::string_view path) const = 0;

    /// Calls `visit` for each regular file one of whose visible paths matches the glob
    /// (EntryRouter's syntax), in byte order of the real path, each file once. A symlink whose own
    /// path matches counts if it leads to a regular file. `visit` must not call back into
    /// for_each_match.
    virtual void for_each_match(std::string_view glob,
                                const std::function<void(const FileEntry&)>& visit) const = 0;

    /// Calls `visit` for each regular file about which the scanner of that id (walk::ScannerKind)
    /// found something, with the facts it found, in byte order of the real path; a file with
    /// several hard links once, under the first of its paths. The facts are good for the duration
    /// of the call. An error of `visit` ends the walk. `visit` must not call back into this.
    virtual Status for_each_scanned(
        std::string_view scanner,
        const std::function<Status(const FileEntry&, ByteView facts)>& visit) const = 0;

    /// The content of a regular file. `unsupported` if this view did not keep it: whoever wants a
    /// file's content routes its path (EntryRouter), and asks for paths known only later through
    /// `require`.
    virtual Result<FileContent> read(const FileEntry& file) const = 0;

    /// `length` bytes of a regular file from `offset` on, for a large file of which only parts are
    /// needed at a time. Fails as `read` does; bytes that are not all inside the file are
    /// malformed.
    virtual Result<FileContent>
    read_range(const FileEntry& file, std::uint64_t offset, std::uint64_t length) const = 0;
};

} // namespace bulla
