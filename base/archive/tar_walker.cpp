// SPDX-License-Identifier: Apache-2.0
#include "base/archive/tar_walker.hpp"

#include "base/core/limits.hpp"
#include "base/core/text.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace bulla::archive {

namespace {

constexpr std::size_t padding_after(std::uint64_t size) {
    return static_cast<std::size_t>(-size & (kTarBlock - 1));
}

/// The types that have no data whatever their size field says (Go: isHeaderOnlyType). Writers put
/// the size of the target into hard links.
bool is_header_only(char type) {
    return type >= '1' && type <= '6';
}

/// 'V' is a volume's label, 'M' the rest of a file of another volume, 'X' and 'A' are Solaris
/// metadata: none of them is a file.
bool is_foreign_metadata(char type) {
    return type == 'V' || type == 'M' || type == 'X' || type == 'A' || type == 'N';
}

TarKind kind_of(char type, std::string_view name) {
    switch (type) {
    case '1':
        return TarKind::hard_link;
    case '2':
        return TarKind::symlink;
    case '3':
        return TarKind::character_device;
    case '4':
        return TarKind::block_device;
    case '5':
    case 'D':
        return TarKind::directory;
    case '6':
        return TarKind::fifo;
    case '\0':
        // Tars before ustar had no type for directories.
        return name.ends_with('/') ? TarKind::directory : TarKind::regular;
    default:
        return TarKind::regular;
    }
}

} // namespace

Error TarWalker::bad(std::string_view why) const {
    std::string message = "the tar archive is not valid: ";
    message += why;
    message += files_ == 0 ? " at its start"
                           : " at or after \"" + text::printable(entry_.name) + "\" (entry " +
                                 std::to_string(files_) + ")";
    return Error{ErrorCode::malformed, std::move(message)};
}

Status TarWalker::feed(ByteView bytes) {
    while (!bytes.empty()) {
        const std::size_t before = bytes.size();
        BULLA_TRY(step(bytes));
        position_ += before - bytes.size();
    }
    if (state_ != State::ended) {
        own_names(); // the block that the views point into goes away
    }
    return ok();
}

Status TarWalker::step(ByteView& bytes) {
    switch (state_) {
    case State::extended_header: {
        const auto piece = bytes.substr(0, std::min<std::uint64_t>(remaining_, bytes.size()));
        extended_ += piece;
        remaining_ -= piece.size();
        bytes.remove_prefix(piece.size());
        return remaining_ == 0 ? on_extended_header() : ok();
    }
    case State::data:
        return on_data(bytes);
    case State::padding: {
        const auto count = std::min(padding_, bytes.size());
        bytes.remove_prefix(count);
        padding_ -= count;
        state_ = padding_ == 0 ? State::header : State::padding;
        return ok();
    }
    case State::ended:
        on_trailing(bytes);
        return ok();
    case State::header:
    case State::sparse_headers:
    case State::sparse_map:
        break;
    }
    const auto block = take_block(bytes);
    if (!block) {
        return ok();
    }
    if (state_ == State::header) {
        return on_header(*block);
    }
    return state_ == State::sparse_map ? on_sparse_map(*block)
                                       : on_sparse_header(*block, 21, (*block)[504]);
}

std::optional<ByteView> TarWalker::take_block(ByteView& bytes) {
    if (partial_size_ == 0 && bytes.size() >= kTarBlock) {
        const auto block = bytes.substr(0, kTarBlock);
        bytes.remove_prefix(kTarBlock);
        return block;
    }
    const auto count = std::min(kTarBlock - partial_size_, bytes.size());
    if (partial_size_ == 0) {
        own_names();
    }
    std::memcpy(partial_.data() + partial_size_, bytes.data(), count);
    partial_size_ += count;
    bytes.remove_prefix(count);
    if (partial_size_ < kTarBlock) {
        return std::nullopt;
    }
    partial_size_ = 0;
    return ByteView(partial_.data(), kTarBlock);
}

Status TarWalker::on_header(ByteView block) {
    if (is_zero_block(block)) {
        return on_zero_block();
    }
    if (zero_block_seen_) {
        return bad("a block follows a single block of zeros");
    }
    auto header = parse_tar_header(block);
    if (!header) {
        return bad(header.error().message);
    }
    switch (header->type) {
    case 'x':
    case 'g':
    case 'L':
    case 'K':
        return begin_extended(*header);
    default:
        return on_file(*header, block);
    }
}

Status TarWalker::on_zero_block() {
    if (pax_ || gnu_name_ || gnu_link_) {
        return bad("an extended header stands before no file");
    }
    if (std::exchange(zero_block_seen_, true)) {
        state_ = State::ended;
    }
    return ok();
}

Status TarWalker::begin_extended(const TarHeader& header) {
    if (header.size > limits::kTarMetaBytes) {
        return Error{ErrorCode::limit_exceeded,
                     "expected extended tar headers of at most " +
                         std::to_string(limits::kTarMetaBytes) + " bytes and found one of " +
                         std::to_string(header.size)};
    }
    // Readers disagree about which of two such headers counts, so that one could hide a file from
    // us that a runtime unpacks.
    if ((header.type == 'x' && pax_) || (header.type == 'g' && (pax_ || gnu_name_ || gnu_link_))) {
        return bad("a pax header stands between another extended header and its file");
    }
    extended_type_ = header.type;
    extended_.clear();
    remaining_ = header.size;
    padding_ = padding_after(header.size);
    state_ = State::extended_header;
    return remaining_ == 0 ? on_extended_header() : ok();
}

Status TarWalker::on_extended_header() {
    state_ = padding_ == 0 ? State::header : State::padding;
    if (extended_type_ == 'L' || extended_type_ == 'K') {
        auto& target = extended_type_ == 'L' ? gnu_name_ : gnu_link_;
        std::string value = extended_.substr(0, extended_.find('\0'));
        if (target && *target != value) {
            return bad("two different GNU long names belong to one file");
        }
        target = std::move(value);
        return ok();
    }
    auto records = parse_pax(extended_);
    if (!records) {
        return bad(records.error().message);
    }
    if (extended_type_ == 'x') {
        pax_ = std::move(*records);
    } else if (records->names_anything()) {
        // Go ignores global names and sizes, others apply them to every file.
        return bad("a global pax header gives a name or a size");
    }
    return ok();
}

Status TarWalker::on_file(const TarHeader& header, ByteView block) {
    ++files_;
    entry_ = {};
    runs_.clear();
    sparse_ = false;
    const bool extended = pax_ || gnu_name_ || gnu_link_;
    BULLA_TRY(apply_names(header));
    entry_.kind = kind_of(header.type, entry_.name);
    BULLA_TRY(apply_size(header));
    if (is_foreign_metadata(header.type)) {
        if (extended) {
            // Readers for which this is no entry hold the header for the next one.
            return bad("an extended header stands before no file");
        }
        visitor_.note("skipped a tar entry of type '" + std::string(1, header.type) + "' named \"" +
                      text::printable(entry_.name) + "\"");
        state_ = State::data;
        deliver_ = false;
        return remaining_ == 0 ? end_data() : ok();
    }
    return prepare_sparse(header, block);
}

Status TarWalker::apply_names(const TarHeader& header) {
    entry_.name = header.name;
    entry_.link = header.link;
    if (!header.prefix.empty()) {
        name_.assign(header.prefix);
        name_ += '/';
        name_ += header.name;
        entry_.name = name_;
    }
    const bool long_name = gnu_name_ && !gnu_name_->empty();
    const bool long_link = gnu_link_ && !gnu_link_->empty();
    if (long_name) {
        name_ = std::move(*gnu_name_);
        entry_.name = name_;
    }
    if (long_link) {
        link_ = std::move(*gnu_link_);
        entry_.link = link_;
    }
    gnu_name_.reset();
    gnu_link_.reset();
    if (!pax_) {
        return ok();
    }
    // Go takes the GNU name, libarchive and Python the pax one.
    if ((long_name && pax_->path && *pax_->path != entry_.name) ||
        (long_link && pax_->link && *pax_->link != entry_.link)) {
        return bad("a GNU long name and a pax header disagree");
    }
    if (pax_->path) {
        name_ = std::move(*pax_->path);
        entry_.name = name_;
    }
    if (pax_->link) {
        link_ = std::move(*pax_->link);
        entry_.link = link_;
    }
    return ok();
}

Status TarWalker::apply_size(const TarHeader& header) {
    std::uint64_t size = header.size;
    if (pax_ && pax_->size) {
        // The header's field is 0 or at its largest when the size does not fit into it; any other
        // value makes two claims about where the next header is.
        constexpr std::uint64_t largest = 077777777777;
        if (size != *pax_->size && size != 0 && size != largest) {
            return bad("the header and the pax header give different sizes");
        }
        size = *pax_->size;
    }
    const bool header_only =
        is_header_only(header.type) || (header.type == '\0' && entry_.kind == TarKind::directory);
    remaining_ = header_only ? 0 : size;
    padding_ = padding_after(remaining_);
    entry_.size = entry_.kind == TarKind::regular ? remaining_ : 0;
    return ok();
}

Status TarWalker::begin_entry() {
    pax_.reset();
    entry_.offset = (position_ / kTarBlock + 1) * kTarBlock; // the step at hand ends its block
    BULLA_TRY_ASSIGN(const ContentWish wish, visitor_.entry(entry_));
    peeking_ = wish == ContentWish::peek && entry_.kind == TarKind::regular && entry_.size > 0;
    deliver_ = peeking_ || (wish == ContentWish::deliver && entry_.kind == TarKind::regular);
    run_ = 0;
    at_ = 0;
    state_ = State::data;
    return remaining_ == 0 ? end_data() : ok();
}

Status TarWalker::on_data(ByteView& bytes) {
    const auto piece = bytes.substr(0, std::min<std::uint64_t>(remaining_, bytes.size()));
    if (deliver_) {
        BULLA_TRY(sparse_ ? deliver_sparse(piece) : pass(piece));
    }
    remaining_ -= piece.size();
    bytes.remove_prefix(piece.size());
    return remaining_ == 0 ? end_data() : ok();
}

/// Hands content on; while the visitor has not decided, as much of it as it decides by.
Status TarWalker::pass(ByteView piece) {
    if (!peeking_) {
        return visitor_.content(piece);
    }
    const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(kTarBlock, entry_.size));
    if (head_.empty() && piece.size() >= wanted) {
        BULLA_TRY(show_head(piece.substr(0, wanted)));
        return deliver_ ? visitor_.content(piece) : ok();
    }
    const auto part = piece.substr(0, wanted - head_.size());
    head_ += part;
    piece.remove_prefix(part.size());
    if (head_.size() < wanted) {
        return ok();
    }
    const Bytes first = std::exchange(head_, {});
    BULLA_TRY(show_head(first));
    if (deliver_) {
        BULLA_TRY(visitor_.content(first));
        BULLA_TRY(piece.empty() ? ok() : visitor_.content(piece));
    }
    return ok();
}

Status TarWalker::show_head(ByteView first) {
    peeking_ = false;
    BULLA_TRY_ASSIGN(const ContentWish wish, visitor_.head(first));
    deliver_ = wish == ContentWish::deliver;
    return ok();
}

Status TarWalker::end_data() {
    if (deliver_ && sparse_) {
        BULLA_TRY(fill_to(entry_.size));
    }
    if (std::exchange(deliver_, false)) {
        BULLA_TRY(visitor_.content_end());
    }
    state_ = padding_ == 0 ? State::header : State::padding;
    return ok();
}

std::uint64_t TarWalker::pass_over() {
    if (state_ != State::data || deliver_) {
        return 0;
    }
    const std::uint64_t passed = remaining_ + padding_;
    position_ += passed;
    remaining_ = 0;
    padding_ = 0;
    state_ = State::header;
    return passed;
}

/// The current entry's names are wanted for messages after its block is gone.
void TarWalker::own_names() {
    if (entry_.name.data() != name_.data()) {
        name_.assign(entry_.name);
        entry_.name = name_;
    }
    if (entry_.link.data() != link_.data()) {
        link_.assign(entry_.link);
        entry_.link = link_;
    }
}

void TarWalker::on_trailing(ByteView& bytes) {
    if (!trailing_noted_ && bytes.find_first_not_of('\0') != ByteView::npos) {
        trailing_noted_ = true;
        visitor_.note("data after the end of the tar archive was ignored, as runtimes do");
    }
    bytes = {};
}

Status TarWalker::finish() {
    if (state_ == State::ended) {
        return ok();
    }
    if (state_ != State::header || partial_size_ != 0) {
        return bad("it ends inside a header or a file");
    }
    if (pax_ || gnu_name_ || gnu_link_) {
        return bad("an extended header stands before no file");
    }
    if (!zero_block_seen_ && files_ > 0) {
        visitor_.note("the tar archive has no end marker; it may have been cut off");
    }
    return ok();
}

} // namespace bulla::archive
