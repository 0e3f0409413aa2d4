// SPDX-License-Identifier: Apache-2.0
#include "base/walk/layer_facts_sections.hpp"

#include "base/core/byte_order.hpp"
#include "base/walk/path.hpp"

#include <optional>
#include <utility>

namespace bulla::walk::format {

namespace {

bool within(std::uint64_t offset, std::uint64_t size, std::uint64_t total) {
    return offset <= total && size <= total - offset;
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

} // namespace

Error bad_facts(std::string_view why) {
    return Error{ErrorCode::malformed, "the layer facts are not usable: " + std::string(why)};
}

Result<Layout> read_layout(ByteView bytes) {
    if (bytes.size() < kHeaderBytes || !bytes.starts_with(kMagic)) {
        return bad_facts("no header of this version");
    }
    Layout layout;
    layout.count = load_little_endian<std::uint64_t>(bytes, kEntryCountAt);
    layout.overflow_bytes = load_little_endian<std::uint64_t>(bytes, kOverflowBytesAt);
    if (layout.count > limits::kLayerEntries || layout.overflow_bytes > limits::kKeptLayerBytes ||
        load_little_endian<std::uint64_t>(bytes, kHasDiffIdAt) > 1) {
        return bad_facts("a header field is out of range");
    }
    ByteView rest = bytes.substr(kHeaderBytes);
    const auto take = [&](std::size_t at, ByteView& section) {
        const auto size = load_little_endian<std::uint64_t>(bytes, at);
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

bool valid_place(std::uint64_t offset, std::uint64_t size, const Layout& layout) {
    const auto inside = layout.content.size();
    return within(offset, size, inside) ||
           (offset >= inside && within(offset - inside, size, layout.overflow_bytes));
}

Status check_elements(const Layout& layout) {
    BULLA_TRY(check_entries(layout));
    return check_scans(layout);
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

} // namespace bulla::walk::format
