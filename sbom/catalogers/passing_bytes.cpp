// SPDX-License-Identifier: Apache-2.0
#include "sbom/catalogers/passing_bytes.hpp"

#include "base/core/limits.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <functional>
#include <utility>

namespace bulla::sbom {
namespace {

using limits::kKiB;
using limits::kMiB;

/// A file up to this size is kept whole: it costs no more than its windows would.
constexpr std::uint64_t kWholeBytes = 1 * kMiB;
/// Program headers follow the ELF header; Go's linker puts the section headers there too.
constexpr std::uint64_t kHeadBytes = 16 * kKiB;
/// 4096 section headers; linked files have some dozens.
constexpr std::uint64_t kSectionTableBytes = 256 * kKiB;
/// .comment, .dep-v0 and a usual symbol table.
constexpr std::uint64_t kBehindLoadedBytes = 512 * kKiB;
/// Go's build information of a program with 250 modules has 24 KiB.
constexpr std::uint64_t kGoWindowBytes = 256 * kKiB;
/// Linkers make one or two writable segments.
constexpr std::size_t kMagicSearches = 4;
/// Places between or behind loaded segments that are looked at, the largest first. Linkers leave
/// one, behind all of them; tools that rewrite a file append segments to it.
constexpr std::size_t kGaps = 3;
/// Section names stand in what is not loaded, and often right before the section headers. Where
/// what is loaded is not told apart (separate debug files keep their program's segments), the
/// latter still holds.
constexpr std::uint64_t kNamesBeforeTable = 64 * kKiB;
constexpr std::size_t kNamesFound = 64;

constexpr std::array<std::string_view, 2> kNames{std::string_view(".dep-v0\0", 8),
                                                 std::string_view(".go.buildinfo\0", 14)};
constexpr std::size_t kLongestName = 14;

/// Cuts a piece to what lies in [begin, end); `at` moves with its start.
void clip(std::uint64_t& at, ByteView& piece, std::uint64_t begin, std::uint64_t end) {
    if (at < begin) {
        const auto skipped = std::min<std::uint64_t>(begin - at, piece.size());
        piece.remove_prefix(skipped);
        at += skipped;
    }
    piece = piece.substr(0, at < end ? std::min<std::uint64_t>(end - at, piece.size()) : 0);
}

} // namespace

void ByteWindow::feed(std::uint64_t at, ByteView piece) {
    clip(at, piece, begin + bytes.size(), end);
    bytes.append(piece);
}

void GoMagicSearch::begin_window(std::uint64_t at) {
    first_ = at;
    window_ = {.begin = at, .end = std::min(end_, at + kGoWindowBytes)};
}

void GoMagicSearch::feed(std::uint64_t at, ByteView piece) {
    clip(at, piece, begin_, end_);
    const auto take = [&](std::size_t size) {
        piece.remove_prefix(size);
        at += size;
    };
    while (!piece.empty()) {
        if (first_) {
            window_.feed(at, piece);
            return;
        }
        if (block_.empty()) {
            const auto odd = (at + phase_) % kGoMagicAlign;
            take(std::min<std::size_t>(odd == 0 ? 0 : kGoMagicAlign - odd, piece.size()));
            while (piece.size() >= kGoMagicAlign && !piece.starts_with(kGoMagic)) {
                take(kGoMagicAlign);
            }
            if (piece.size() >= kGoMagicAlign) {
                begin_window(at);
                continue;
            }
        }
        const auto more = std::min(kGoMagicAlign - block_.size(), piece.size());
        block_.append(piece.substr(0, more));
        take(more);
        if (block_.size() == kGoMagicAlign) {
            if (block_.starts_with(kGoMagic)) {
                begin_window(at - kGoMagicAlign);
                window_.feed(at - kGoMagicAlign, block_);
            }
            block_.clear();
        }
    }
}

void NameSearch::search(std::uint64_t at, ByteView bytes) {
    for (const std::string_view name : kNames) {
        const char* from = bytes.data();
        const char* const end = from + bytes.size();
        while (const void* const hit =
                   memmem(from, static_cast<std::size_t>(end - from), name.data(), name.size())) {
            const auto* const place = static_cast<const char*>(hit);
            from = place + 1;
            const std::pair found(at + static_cast<std::uint64_t>(place - bytes.data()), name);
            if (std::find(found_.begin(), found_.end(), found) == found_.end()) {
                found_.push_back(found);
            }
            if (found_.size() > kNamesFound) {
                overflowed_ = true;
                return;
            }
        }
    }
}

void NameSearch::feed(std::uint64_t at, ByteView piece) {
    clip(at, piece, begin_, end_);
    if (piece.empty() || overflowed_) {
        return;
    }
    // A name may begin in the piece before.
    const std::string seam = last_ + std::string(piece.substr(0, kLongestName - 1));
    search(at - last_.size(), seam);
    search(at, piece);
    last_ += piece.substr(piece.size() - std::min(piece.size(), kLongestName - 1));
    last_.erase(0, last_.size() - std::min(last_.size(), kLongestName - 1));
    searched_to_ = at + piece.size();
}

std::optional<bool> NameSearch::holds(std::uint64_t offset, std::string_view text) const {
    const bool is_searched = begin_ <= offset && offset + text.size() <= searched_to_;
    const bool is_known = std::find(kNames.begin(), kNames.end(), text) != kNames.end();
    if (overflowed_ || !is_searched || !is_known) {
        return std::nullopt;
    }
    return std::find(found_.begin(), found_.end(), std::pair(offset, text)) != found_.end();
}

PassingBytes::PassingBytes(std::uint64_t size)
    : size_(size), head_{.begin = 0, .end = size <= kWholeBytes ? size : kHeadBytes} {
    head_.bytes.reserve(head_.end);
}

void PassingBytes::feed(ByteView piece) {
    head_.feed(at_, piece);
    const auto at = at_;
    at_ += piece.size();
    if (size_ <= kWholeBytes || at_ < kHeadBytes) {
        return;
    }
    if (!planned_) {
        planned_ = true;
        plan();
        // Pieces before this one were part of the head.
        pass(0, ByteView(head_.bytes).substr(0, at));
    }
    pass(at, piece);
}

void PassingBytes::pass(std::uint64_t at, ByteView piece) {
    for (ByteWindow& window : windows_) {
        window.feed(at, piece);
    }
    for (GoMagicSearch& search : magics_) {
        search.feed(at, piece);
    }
    for (NameSearch& search : names_) {
        search.feed(at, piece);
    }
}

void PassingBytes::plan() {
    const auto header = parse_elf_header(head_.bytes);
    if (!header || header->segment_count > limits::kElfSegments) {
        return;
    }
    const std::uint64_t table = header->segment_count * header->segment_bytes();
    if (header->segments_at > kHeadBytes || table > kHeadBytes - header->segments_at) {
        return; // whoever asks for it hears that it was missed
    }
    plan_segments(*header, ByteView(head_.bytes).substr(header->segments_at, table));
    if (header->sections_at != 0 && header->sections_at < size_) {
        const auto sections = std::max<std::uint64_t>(header->section_count, 1);
        plan_window(
            header->sections_at,
            header->sections_at +
                std::min<std::uint64_t>(sections * header->section_bytes(), kSectionTableBytes));
        const auto before = std::min(header->sections_at, kNamesBeforeTable);
        names_.emplace_back(header->sections_at - before, header->sections_at);
    }
}

void PassingBytes::plan_segments(const ElfHeader& header, ByteView table) {
    std::vector<std::pair<std::uint64_t, std::uint64_t>> loaded{{size_, size_}};
    for (; !table.empty(); table.remove_prefix(header.segment_bytes())) {
        const ElfSegment segment = parse_elf_segment(header, table);
        if (!segment.is_loaded() || segment.offset > size_) {
            continue;
        }
        const auto end = segment.offset + std::min(segment.file_size, size_ - segment.offset);
        loaded.emplace_back(segment.offset, end);
        if (segment.is_writable() && magics_.size() < kMagicSearches) {
            magics_.emplace_back(segment.offset, end, segment.address - segment.offset);
        }
    }
    std::sort(loaded.begin(), loaded.end());
    plan_gaps(loaded);
}

/// What is not loaded (`loaded` in ascending order, the end of the file last): the names of
/// sections, and the sections that tools add.
void PassingBytes::plan_gaps(std::span<const std::pair<std::uint64_t, std::uint64_t>> loaded) {
    std::vector<std::pair<std::uint64_t, std::uint64_t>> gaps; // size, begin
    std::uint64_t end = 0;
    for (const auto& [next_begin, next_end] : loaded) {
        if (next_begin > end) {
            gaps.emplace_back(next_begin - end, end);
        }
        end = std::max(end, next_end);
    }
    std::sort(gaps.begin(), gaps.end(), std::greater<>());
    gaps.resize(std::min(gaps.size(), kGaps));
    for (const auto& [gap_size, begin] : gaps) {
        plan_window(begin, begin + std::min(gap_size, kBehindLoadedBytes));
        names_.emplace_back(begin, begin + gap_size);
    }
}

void PassingBytes::plan_window(std::uint64_t begin, std::uint64_t end) {
    windows_.push_back({.begin = begin, .end = std::min(end, size_)});
}

std::optional<Bytes> PassingBytes::read(std::uint64_t offset, std::uint64_t size) {
    if (offset > size_ || size > size_ - offset) {
        return std::nullopt;
    }
    const auto find_in = [&](const ByteWindow& window) -> std::optional<Bytes> {
        const bool is_inside = window.begin <= offset &&
                               offset - window.begin <= window.bytes.size() &&
                               size <= window.bytes.size() - (offset - window.begin);
        return is_inside ? std::optional(window.bytes.substr(offset - window.begin, size))
                         : std::nullopt;
    };
    if (auto found = find_in(head_)) {
        return found;
    }
    for (const ByteWindow& window : windows_) {
        if (auto found = find_in(window)) {
            return found;
        }
    }
    for (const GoMagicSearch& search : magics_) {
        if (auto found = search.first() ? find_in(search.window()) : std::nullopt) {
            return found;
        }
    }
    missed_ = true;
    return std::nullopt;
}

bool PassingBytes::holds(std::uint64_t offset, std::string_view text) {
    for (const NameSearch& search : names_) {
        if (const auto answer = search.holds(offset, text)) {
            return *answer;
        }
    }
    return ByteSource::holds(offset, text);
}

std::optional<std::uint64_t>
PassingBytes::find_go_magic(std::uint64_t begin, std::uint64_t end, std::uint64_t phase) {
    if (size_ <= kWholeBytes) {
        GoMagicSearch search(begin, end, phase);
        search.feed(0, head_.bytes);
        return search.first();
    }
    for (const GoMagicSearch& search : magics_) {
        // Behind the first one nothing was looked for.
        if (search.covers(begin, end, phase) && search.first().value_or(begin) >= begin) {
            return search.first().value_or(end) < end ? search.first() : std::nullopt;
        }
    }
    missed_ = true;
    return std::nullopt;
}

} // namespace bulla::sbom
