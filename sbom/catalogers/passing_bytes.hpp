// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sbom/catalogers/elf.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bulla::sbom {

/// Part of a file that is kept while it passes.
struct ByteWindow {
    std::uint64_t begin = 0;
    std::uint64_t end = 0;
    Bytes bytes{};

    /// `at` is the piece's place in the file.
    void feed(std::uint64_t at, ByteView piece);
};

/// Looks for kGoMagic at aligned addresses in one range of a file that passes, and keeps what
/// follows the first one.
class GoMagicSearch {
  public:
    GoMagicSearch(std::uint64_t begin, std::uint64_t end, std::uint64_t phase)
        : begin_(begin), end_(end), phase_(phase % kGoMagicAlign) {}

    void feed(std::uint64_t at, ByteView piece);

    bool covers(std::uint64_t begin, std::uint64_t end, std::uint64_t phase) const {
        return begin_ <= begin && end <= end_ && phase % kGoMagicAlign == phase_;
    }

    /// Where the first one stands.
    std::optional<std::uint64_t> first() const { return first_; }

    const ByteWindow& window() const { return window_; }

  private:
    void begin_window(std::uint64_t at);

    std::uint64_t begin_;
    std::uint64_t end_;
    std::uint64_t phase_;
    std::string block_; ///< the start of an aligned block whose end has not come yet
    std::optional<std::uint64_t> first_;
    ByteWindow window_;
};

/// Finds the names of the sections that matter in one range of a file that passes, so that a table
/// of section names need not be kept: a name that stands nowhere in it is the name of no section.
class NameSearch {
  public:
    NameSearch(std::uint64_t begin, std::uint64_t end) : begin_(begin), end_(end) {}

    void feed(std::uint64_t at, ByteView piece);

    /// Whether `text`, one of the names with its final NUL, stands at `offset`; nothing if that is
    /// not known.
    std::optional<bool> holds(std::uint64_t offset, std::string_view text) const;

  private:
    void search(std::uint64_t at, ByteView bytes);

    std::uint64_t begin_;
    std::uint64_t end_;
    std::uint64_t searched_to_ = 0; ///< finds before this are known
    std::string last_;              ///< the bytes before the next piece
    std::vector<std::pair<std::uint64_t, std::string_view>> found_;
    bool overflowed_ = false;
};

/// A file that passes by once, of which little is kept: all of a small one; of a larger one its
/// head, the table of sections, what stands directly behind a loaded segment and is not loaded, and
/// Go's build information in writable segments. Nothing at all of what is no program or shared
/// library.
class PassingBytes final : public ByteSource {
  public:
    explicit PassingBytes(std::uint64_t size);

    /// The next bytes of the file.
    void feed(ByteView piece);

    std::uint64_t size() const override { return size_; }

    std::optional<Bytes> read(std::uint64_t offset, std::uint64_t size) override;
    bool holds(std::uint64_t offset, std::string_view text) override;
    std::optional<std::uint64_t>
    find_go_magic(std::uint64_t begin, std::uint64_t end, std::uint64_t phase) override;

  private:
    void plan();
    void plan_segments(const ElfHeader& header, ByteView table);
    void plan_gaps(std::span<const std::pair<std::uint64_t, std::uint64_t>> loaded);
    void plan_window(std::uint64_t begin, std::uint64_t end);
    void pass(std::uint64_t at, ByteView piece);

    std::uint64_t size_;
    std::uint64_t at_ = 0; ///< how much has passed
    bool planned_ = false;
    ByteWindow head_;
    std::vector<ByteWindow> windows_;
    std::vector<GoMagicSearch> magics_;
    std::vector<NameSearch> names_;
};

} // namespace bulla::sbom
