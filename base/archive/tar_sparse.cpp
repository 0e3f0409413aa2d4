// SPDX-License-Identifier: Apache-2.0
// The part of TarWalker that knows sparse files (GNU tar manual, "Storing Sparse Files").
#include "base/archive/tar_walker.hpp"
#include "base/core/limits.hpp"
#include "base/core/text.hpp"

#include <algorithm>
#include <array>

namespace bulla::archive {

namespace {

/// As many runs as fit into the largest extended header.
constexpr std::size_t kRuns = limits::kTarMetaBytes / 24;

constexpr std::size_t kOldRuns = 386;
constexpr std::size_t kOldMore = 482;
constexpr std::size_t kOldSize = 483;

} // namespace

Status TarWalker::prepare_sparse(const TarHeader& header, ByteView block) {
    if (header.type == 'S') {
        const auto size = parse_tar_number(block.substr(kOldSize, 12));
        if (header.format != TarFormat::gnu || !size || *size < 0) {
            return bad("a sparse file's header is not valid");
        }
        sparse_ = true;
        entry_.size = static_cast<std::uint64_t>(*size);
        own_names();
        return on_sparse_header(block.substr(kOldRuns), 4, block[kOldMore]);
    }
    if (!pax_) {
        return begin_entry();
    }
    const PaxRecords& pax = *pax_;
    const bool version_1 = pax.sparse_major == "1" && pax.sparse_minor == "0";
    const bool version_0 =
        pax.sparse_map &&
        ((pax.sparse_major.empty() && pax.sparse_minor.empty()) ||
         (pax.sparse_major == "0" && (pax.sparse_minor == "0" || pax.sparse_minor == "1")));
    if (!version_0 && !version_1) {
        // Readers that ignore what they do not know see other names and sizes than those that
        // guess.
        if (!pax.sparse_major.empty() || !pax.sparse_minor.empty() || !pax.sparse_name.empty() ||
            pax.sparse_size || pax.sparse_map) {
            return bad("a sparse file is of an unknown version");
        }
        return begin_entry();
    }
    if (entry_.kind != TarKind::regular) {
        return bad("something that is not a file claims to be sparse");
    }
    sparse_ = true;
    if (!pax.sparse_name.empty()) {
        name_ = pax.sparse_name;
        entry_.name = name_;
    }
    entry_.size = pax.sparse_size.value_or(entry_.size);
    if (version_1) {
        own_names();
        map_.clear();
        map_lines_ = 0;
        state_ = State::sparse_map;
        return remaining_ == 0 ? Status(bad("a sparse file has no map")) : ok();
    }
    if (!parse_sparse_list(*pax.sparse_map, ',', runs_)) {
        return bad("the map of a sparse file is not valid");
    }
    return check_sparse();
}

Status TarWalker::on_sparse_header(ByteView fields, std::size_t count, char more) {
    if (!append_sparse_runs(fields, count, runs_) || runs_.size() > kRuns) {
        return bad("the map of a sparse file is not valid or too long");
    }
    state_ = State::sparse_headers;
    return more != '\0' ? ok() : check_sparse();
}

/// Version 1.0: decimal numbers on lines of their own, the count of runs first, padded to a block.
Status TarWalker::on_sparse_map(ByteView block) {
    if (remaining_ < kTarBlock) {
        return bad("the map of a sparse file is cut off");
    }
    remaining_ -= kTarBlock;
    map_ += block;
    if (map_.size() > limits::kTarMetaBytes) {
        return bad("the map of a sparse file is too long");
    }
    std::string_view rest = map_;
    const auto first = rest.find('\n');
    const auto count = text::parse_unsigned(rest.substr(0, first));
    if (first == std::string_view::npos || !count || *count > kRuns) {
        return bad("the map of a sparse file is not valid or too long");
    }
    const auto lines = static_cast<std::uint64_t>(std::ranges::count(block, '\n'));
    map_lines_ += lines;
    if (map_lines_ < 1 + 2 * *count) {
        return ok();
    }
    rest.remove_prefix(first + 1);
    std::string_view list = rest;
    for (std::uint64_t i = 0; i < 2 * *count; ++i) {
        text::take_until(rest, '\n');
    }
    list.remove_suffix(rest.size());
    list.remove_suffix(list.empty() ? 0 : 1); // the last line's end
    if (!parse_sparse_list(list, '\n', runs_) || runs_.size() != *count) {
        return bad("the map of a sparse file is not valid");
    }
    return check_sparse();
}

Status TarWalker::check_sparse() {
    std::uint64_t end = 0;
    std::uint64_t stored = 0;
    for (const auto& run : runs_) {
        // Each number is below 2^63, so that one sum of two of them cannot wrap.
        if (run.offset < end || run.offset + run.length > entry_.size) {
            return bad("the map of a sparse file overlaps itself or leaves the file");
        }
        end = run.offset + run.length;
        stored += run.length;
    }
    if (stored != remaining_) {
        return bad("a sparse file's map and its data differ in size");
    }
    entry_.holes = entry_.size - stored;
    return begin_entry();
}

Status TarWalker::fill_to(std::uint64_t offset) {
    static constexpr std::array<char, 4096> zeros{};
    while (at_ < offset && deliver_) {
        const auto count = std::min<std::uint64_t>(offset - at_, zeros.size());
        BULLA_TRY(pass(ByteView(zeros.data(), count)));
        at_ += count;
    }
    return ok();
}

Status TarWalker::deliver_sparse(ByteView piece) {
    while (!piece.empty() && deliver_) {
        const auto& run = runs_[run_];
        BULLA_TRY(fill_to(run.offset));
        if (!deliver_) {
            return ok(); // the holes were what the visitor decided by
        }
        const auto part =
            piece.substr(0, std::min<std::uint64_t>(run.offset + run.length - at_, piece.size()));
        if (!part.empty()) {
            BULLA_TRY(pass(part));
        }
        at_ += part.size();
        piece.remove_prefix(part.size());
        run_ += at_ == run.offset + run.length ? 1 : 0;
    }
    return ok();
}

} // namespace bulla::archive
