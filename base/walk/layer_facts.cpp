// SPDX-License-Identifier: Apache-2.0
#include "base/walk/layer_facts.hpp"

#include "base/core/limits.hpp"
#include "base/walk/layer_facts_format.hpp"
#include "base/walk/path.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace bulla::walk {

namespace {

using namespace format;

Error bad_facts(std::string_view why) {
    return Error{ErrorCode::malformed, "the layer facts are not usable: " + std::string(why)};
}

/// Where the sections lie and what the header says about the rest.
struct Layout {
    std::uint64_t count = 0;
    ByteView entries;
    ByteView notes;
    ByteView scans;
    ByteView content;
    std::uint64_t overflow_bytes = 0;
};

Result<Layout> read_layout(ByteView bytes) {
    if (bytes.size() < kHeaderBytes || !bytes.starts_with(kMagic)) {
        return bad_facts("no header of this version");
    }
    Layout layout;
    layout.count = load_u64(bytes, kEntryCountAt);
    layout.overflow_bytes = load_u64(bytes, kOverflowBytesAt);
    if (layout.count > limits::kLayerEntries || layout.overflow_bytes > limits::kKeptLayerBytes ||
        load_u64(bytes, kHasDiffIdAt) > 1) {
        return bad_facts("a header field is out of range");
    }
    ByteView rest = bytes.substr(kHeaderBytes);
    const auto take = [&](std::size_t at, ByteView& section) {
        const auto size = load_u64(bytes, at);
        if (size > rest.size()) {
            return false;
        }
        section = rest.substr(0, size);
        rest.remove_prefix(size);
        return true;
    };
    if (!take(kEntriesBytesAt, layout.entries) || !take(kNotesBytesAt, layout.notes) ||
        !take(kScansBytesAt, layout.scans) || !take(kContentBytesAt, layout.content) ||
        !rest.empty()) {
        return bad_facts("the sections do not add up to the size");
    }
    return layout;
}

/// Steps through the entries. Every length is checked against what is there.
class EntryCursor {
  public:
    explicit EntryCursor(const Layout& layout)
        : rest_(layout.entries), content_bytes_(layout.content.size()) {}

    bool at_end() const { return rest_.empty(); }

    /// The number of leading bytes of the path that are those of the path before.
    std::size_t shared() const { return shared_; }

    /// False if the bytes are no entry.
    bool next(EntryFact& fact) {
        const auto tag = static_cast<unsigned char>(rest_.front());
        rest_.remove_prefix(1);
        fact.kind = static_cast<EntryKind>(tag & kKindMask);
        fact.content_state = static_cast<ContentState>((tag >> kStateShift) & kStateMask);
        std::uint64_t shared = 0;
        ByteView text;
        if (!take_varint(rest_, shared) || shared > path_.size() || !take_text(text)) {
            return false;
        }
        shared_ = static_cast<std::size_t>(shared);
        path_.replace(shared_, std::string::npos, text);
        fact.path = path_;
        fact.target = {};
        fact.size = 0;
        fact.content_offset = 0;
        if (has_target(fact.kind)) {
            return take_text(fact.target);
        }
        return fact.kind != EntryKind::regular || take_content(tag, fact);
    }

  private:
    bool take_text(ByteView& text) {
        std::uint64_t size = 0;
        if (!take_varint(rest_, size) || size > limits::kPathBytes || size > rest_.size()) {
            return false;
        }
        text = rest_.substr(0, size);
        rest_.remove_prefix(size);
        return true;
    }

    bool take_content(unsigned tag, EntryFact& fact) {
        if (!take_varint(rest_, fact.size)) {
            return false;
        }
        if (fact.content_state != ContentState::kept) {
            return true;
        }
        if (!take_varint(rest_, fact.content_offset) ||
            fact.content_offset > limits::kKeptLayerBytes) {
            return false;
        }
        // One number for two places: offsets past the inline content lie in the overflow file.
        if ((tag & kInOverflow) != 0) {
            fact.content_offset += content_bytes_;
        }
        return true;
    }

    ByteView rest_;
    std::uint64_t content_bytes_;
    std::size_t shared_ = 0;
    std::string path_;
};

bool within(std::uint64_t offset, std::uint64_t size, std::uint64_t total) {
    return offset <= total && size <= total - offset;
}

/// True if a place lies whole inside the content, or whole inside the overflow file behind it.
bool valid_place(std::uint64_t offset, std::uint64_t size, const Layout& layout) {
    const auto inside = layout.content.size();
    return within(offset, size, inside) ||
           (offset >= inside && within(offset - inside, size, layout.overflow_bytes));
}

bool valid_content(const EntryFact& fact, const Layout& layout) {
    switch (fact.content_state) {
    case ContentState::none:
        return true;
    case ContentState::too_large:
        return fact.kind == EntryKind::regular;
    case ContentState::kept:
        return fact.kind == EntryKind::regular &&
               valid_place(fact.content_offset, fact.size, layout);
    }
    return false;
}

bool valid_entry(const EntryFact& fact, std::size_t shared, const Layout& layout) {
    if (fact.kind > EntryKind::opaque || fact.path.size() > limits::kPathBytes) {
        return false;
    }
    // The bytes shared with the path before were checked with it, up to the last whole component.
    const auto slash = fact.path.substr(0, shared).rfind('/');
    const auto unchecked = slash == ByteView::npos ? fact.path : fact.path.substr(slash + 1);
    const bool root = fact.path.empty();
    if (root ? fact.kind != EntryKind::opaque : !is_normalised(unchecked)) {
        return false;
    }
    if (fact.kind == EntryKind::hard_link && !is_normalised(fact.target)) {
        return false;
    }
    return valid_content(fact, layout);
}

Status check_entries(const Layout& layout) {
    EntryCursor cursor(layout);
    EntryFact fact;
    std::uint64_t count = 0;
    for (; !cursor.at_end(); ++count) {
        if (!cursor.next(fact) || !valid_entry(fact, cursor.shared(), layout)) {
            return bad_facts("entry " + std::to_string(count) + " is not valid");
        }
    }
    return count == layout.count ? ok() : Status(bad_facts("the number of entries is wrong"));
}

/// Steps through the scans.
class ScanCursor {
  public:
    explicit ScanCursor(const Layout& layout)
        : rest_(layout.scans), content_bytes_(layout.content.size()) {}

    bool at_end() const { return rest_.empty(); }

    /// False if the bytes are no scan.
    bool next(ScanFact& fact) {
        std::uint64_t distance = 0;
        std::uint64_t scanner = 0;
        if (!take_varint(rest_, distance) || distance > limits::kLayerEntries ||
            !take_varint(rest_, scanner) || scanner >= kMostScanners || rest_.empty()) {
            return false;
        }
        const auto flags = static_cast<unsigned char>(rest_.front());
        rest_.remove_prefix(1);
        if (!take_varint(rest_, fact.size) || !take_varint(rest_, fact.content_offset) ||
            fact.content_offset > limits::kKeptLayerBytes) {
            return false;
        }
        fact.entry += distance;
        fact.scanner = static_cast<std::uint32_t>(scanner);
        fact.incomplete = (flags & kScanIncomplete) != 0;
        fact.content_offset += (flags & kScanInOverflow) != 0 ? content_bytes_ : 0;
        return true;
    }

  private:
    ByteView rest_;
    std::uint64_t content_bytes_;
};

Status check_scans(const Layout& layout) {
    ScanCursor cursor(layout);
    ScanFact fact;
    std::optional<std::pair<std::uint64_t, std::uint32_t>> last;
    while (!cursor.at_end()) {
        if (!cursor.next(fact) || fact.entry >= layout.count ||
            !valid_place(fact.content_offset, fact.size, layout)) {
            return bad_facts("a scan is not valid");
        }
        const std::pair here(fact.entry, fact.scanner);
        if (last && *last >= here) {
            return bad_facts("the scans are out of order");
        }
        last = here;
    }
    return ok();
}

Result<std::vector<std::string>> read_notes(ByteView section) {
    std::vector<std::string> notes;
    while (!section.empty()) {
        std::uint64_t size = 0;
        if (notes.size() >= kNotes || !take_varint(section, size) || size > kNoteBytes ||
            size > section.size()) {
            return bad_facts("a note is not valid");
        }
        notes.emplace_back(section.substr(0, size));
        section.remove_prefix(size);
    }
    return notes;
}

Status check_overflow(const Layout& layout, const FileDescriptor& overflow) {
    if (layout.overflow_bytes == 0) {
        return ok();
    }
    struct stat info{};
    if (!overflow.is_open() || fstat(overflow.value(), &info) != 0 || info.st_size < 0 ||
        static_cast<std::uint64_t>(info.st_size) != layout.overflow_bytes) {
        return bad_facts("the overflow file is missing or has another size");
    }
    return ok();
}

Result<Bytes> read_at(int fd, std::uint64_t offset, std::uint64_t size) {
    Bytes bytes(size, '\0');
    std::size_t done = 0;
    while (done < size) {
        const auto count =
            pread(fd, bytes.data() + done, size - done, static_cast<off_t>(offset + done));
        if (count > 0) {
            done += static_cast<std::size_t>(count);
        } else if (count == 0 || errno != EINTR) {
            const std::string why = count == 0 ? "it ends early" : std::strerror(errno);
            return Error{ErrorCode::io, "cannot read the kept content of a layer: " + why};
        }
    }
    return bytes;
}

} // namespace

struct LayerFacts::State {
    Bytes bytes;
    FileDescriptor overflow;
    Layout layout; ///< views into `bytes`
    std::vector<std::string> notes;

    Result<FileContent> read(std::uint64_t offset, std::uint64_t size) const;
};

LayerFacts::LayerFacts(std::unique_ptr<State> state) : state_(std::move(state)) {}

LayerFacts::LayerFacts(LayerFacts&&) noexcept = default;
LayerFacts& LayerFacts::operator=(LayerFacts&&) noexcept = default;
LayerFacts::~LayerFacts() = default;

Result<LayerFacts> LayerFacts::parse(Bytes bytes, FileDescriptor overflow) {
    auto state = std::make_unique<State>();
    state->bytes = std::move(bytes);
    state->overflow = std::move(overflow);
    BULLA_TRY_ASSIGN(state->layout, read_layout(state->bytes));
    BULLA_TRY(check_overflow(state->layout, state->overflow));
    BULLA_TRY(check_entries(state->layout));
    BULLA_TRY(check_scans(state->layout));
    BULLA_TRY_ASSIGN(state->notes, read_notes(state->layout.notes));
    return LayerFacts(std::move(state));
}

ByteView LayerFacts::bytes() const {
    return state_->bytes;
}

std::size_t LayerFacts::size() const {
    return state_->layout.count;
}

void LayerFacts::for_each(const std::function<void(const EntryFact&)>& visit) const {
    EntryCursor cursor(state_->layout);
    EntryFact fact;
    while (!cursor.at_end() && cursor.next(fact)) {
        visit(fact);
    }
}

void LayerFacts::for_each_scan(const std::function<void(const ScanFact&)>& visit) const {
    ScanCursor cursor(state_->layout);
    ScanFact fact;
    while (!cursor.at_end() && cursor.next(fact)) {
        visit(fact);
    }
}

Result<FileContent> LayerFacts::State::read(std::uint64_t offset, std::uint64_t size) const {
    const auto inside = layout.content.size();
    if (within(offset, size, inside)) {
        return FileContent::borrowed(layout.content.substr(offset, size));
    }
    if (!valid_place(offset, size, layout)) {
        return Error{ErrorCode::internal, "content was asked for that is not in these layer facts"};
    }
    BULLA_TRY_ASSIGN(Bytes copy, read_at(overflow.value(), offset - inside, size));
    return FileContent(std::move(copy));
}

Result<FileContent> LayerFacts::read_content(const EntryFact& entry) const {
    return state_->read(entry.content_offset, entry.size);
}

Result<FileContent> LayerFacts::read_scan(const ScanFact& scan) const {
    return state_->read(scan.content_offset, scan.size);
}

ByteView LayerFacts::diff_id_hash() const {
    const bool present = load_u64(state_->bytes, kHasDiffIdAt) == 1;
    return present ? ByteView(state_->bytes).substr(kDiffIdAt, kHashBytes) : ByteView();
}

std::vector<std::string> LayerFacts::notes() const {
    return state_->notes;
}

int LayerFacts::overflow() const {
    return state_->overflow.value();
}

std::uint64_t LayerFacts::overflow_size() const {
    return state_->layout.overflow_bytes;
}

std::optional<OverflowName> overflow_named_in(ByteView bytes) {
    if (bytes.size() < kHeaderBytes || !bytes.starts_with(kMagic)) {
        return std::nullopt;
    }
    const auto size = load_u64(bytes, kOverflowBytesAt);
    if (size == 0 || size > limits::kKeptLayerBytes) {
        return std::nullopt;
    }
    return OverflowName{size, bytes.substr(kOverflowHashAt, kHashBytes)};
}

ByteView LayerFacts::overflow_hash() const {
    return overflow_size() == 0 ? ByteView()
                                : ByteView(state_->bytes).substr(kOverflowHashAt, kHashBytes);
}

} // namespace bulla::walk
