// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/archive/tar_header.hpp"
#include "base/archive/tar_pax.hpp"
#include "base/core/bytes.hpp"
#include "base/core/result.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bulla::archive {

enum class TarKind : std::uint8_t {
    regular,
    directory,
    symlink,
    hard_link,
    character_device,
    block_device,
    fifo
};

/// One file of a tar archive. The views are good for the duration of the call that passes them.
struct TarEntry {
    TarKind kind = TarKind::regular;
    std::string_view name; ///< as written: neither normalised nor necessarily UTF-8, never with NUL
    std::string_view link; ///< of symlinks and hard links, as written
    std::uint64_t size = 0;   ///< of a regular file: the bytes of its content, holes included
    std::uint64_t holes = 0;  ///< how many of them are not in the archive (sparse files)
    std::uint64_t offset = 0; ///< in the archive, of the first byte behind the headers
};

enum class ContentWish : std::uint8_t {
    skip,
    deliver,
    peek, ///< the first bytes decide: TarVisitor::head is asked
};

/// Is told what a TarWalker finds. An error from any function ends the walk with that error.
class TarVisitor {
  public:
    virtual ~TarVisitor() = default;

    /// Each file, in archive order. Content is delivered for regular files only, and always all.
    virtual Result<ContentWish> entry(const TarEntry& entry) = 0;

    /// The first bytes of a file that `entry` answered `peek` for: kTarBlock of them, or all there
    /// are. `deliver` gets the content from its first byte on. Not asked for an empty file.
    virtual Result<ContentWish> head(ByteView /*first*/) { return ContentWish::skip; }

    /// The content asked for, in pieces: views into the fed blocks. Then `content_end`, also after
    /// no piece at all.
    virtual Status content(ByteView piece) = 0;
    virtual Status content_end() = 0;

    /// Something odd that a person may want to know.
    virtual void note(std::string text) = 0;
};

/// Walks a tar archive that comes in blocks of any size; copies only what crosses their borders.
/// Reads what Go's archive/tar reads, because container runtimes unpack with it: ustar, pax, GNU
/// long names, old GNU and pax sparse files, base-256 numbers. Where readers disagree about a
/// name or a size, the entry is refused (docs/adr/0004-tar-reader.md has the list). Extended
/// headers are bounded by limits::kTarMetaBytes.
///
/// Errors are malformed or limit_exceeded and name the entry.
class TarWalker {
  public:
    explicit TarWalker(TarVisitor& visitor) : visitor_(visitor) {}

    /// The next bytes of the archive. After an error the walker is not used again.
    Status feed(ByteView bytes);

    /// After a `feed`, when what comes next is content that nobody asked for: passes over it and
    /// returns its size, for a caller who can go on reading behind it. 0 if there is none. Whether
    /// the archive is that long is for the caller to know.
    std::uint64_t pass_over();

    /// The archive has ended: malformed if it did so inside a header or a file.
    Status finish();

  private:
    enum class State : std::uint8_t {
        header,
        extended_header, ///< collecting the content of 'x', 'g', 'L' or 'K'
        sparse_headers,  ///< extension blocks of the old sparse format
        sparse_map,      ///< the map at the start of the data (pax sparse 1.0)
        data,
        padding,
        ended
    };

    std::optional<ByteView> take_block(ByteView& bytes);
    Status step(ByteView& bytes);

    Status on_header(ByteView block);
    Status on_zero_block();
    Status begin_extended(const TarHeader& header);
    Status on_extended_header();
    Status on_file(const TarHeader& header, ByteView block);
    Status apply_names(const TarHeader& header);
    Status apply_size(const TarHeader& header);
    Status prepare_sparse(const TarHeader& header, ByteView block);
    Status on_sparse_header(ByteView fields, std::size_t count, char more);
    Status on_sparse_map(ByteView block);
    Status check_sparse();
    Status begin_entry();
    Status on_data(ByteView& bytes);
    Status pass(ByteView piece);
    Status show_head(ByteView first);
    Status deliver_sparse(ByteView piece);
    Status fill_to(std::uint64_t offset);
    Status end_data();
    void own_names();
    void on_trailing(ByteView& bytes);
    Error bad(std::string_view why) const;

    TarVisitor& visitor_;
    State state_ = State::header;
    std::array<char, kTarBlock> partial_{};
    std::size_t partial_size_ = 0;
    std::uint64_t position_ = 0;  ///< in the archive, of the step at hand
    std::uint64_t remaining_ = 0; ///< bytes of data or extended header still to come
    std::size_t padding_ = 0;
    std::uint64_t files_ = 0;
    bool zero_block_seen_ = false;
    bool trailing_noted_ = false;

    // what extended headers said about the file to come
    char extended_type_ = 0;
    Bytes extended_;
    std::optional<PaxRecords> pax_;
    std::optional<std::string> gnu_name_;
    std::optional<std::string> gnu_link_;

    // the file at hand
    TarEntry entry_;
    std::string name_;
    std::string link_;
    bool deliver_ = false;
    bool peeking_ = false; ///< the visitor has not seen enough yet to decide
    Bytes head_;           ///< what it will see, where that came in pieces
    bool sparse_ = false;
    std::vector<SparseRun> runs_;
    std::size_t run_ = 0;  ///< the run being delivered
    std::uint64_t at_ = 0; ///< position in the content of a sparse file
    Bytes map_;            ///< the part of a 1.0 map read so far
    std::uint64_t map_lines_ = 0;
};

} // namespace bulla::archive
