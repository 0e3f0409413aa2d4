// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/core/limits.hpp"
#include "base/core/result.hpp"
#include "base/walk/layer_facts.hpp"
#include "base/walk/layer_facts_format.hpp"

#include <string>
#include <vector>

/// The sections of serialised LayerFacts (layer_facts_format.hpp): where they lie, how their
/// elements are stepped through, and the check after which no reading needs one. For
/// layer_facts.cpp only.
namespace bulla::walk::format {

/// Where the sections lie and what the header says about the rest.
struct Layout {
    std::uint64_t count = 0;
    ByteView entries;
    ByteView notes;
    ByteView scans;
    ByteView content;
    std::uint64_t overflow_bytes = 0;
};

/// Finds the sections: views into `bytes`, which must add up to their size. malformed.
Result<Layout> read_layout(ByteView bytes);

/// Every entry and every scan is valid and lies where it may. malformed.
Status check_elements(const Layout& layout);

/// The remarks. malformed.
Result<std::vector<std::string>> read_notes(ByteView section);

/// True if a place lies whole inside the content, or whole inside the overflow file behind it.
bool valid_place(std::uint64_t offset, std::uint64_t size, const Layout& layout);

Error bad_facts(std::string_view why);

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

} // namespace bulla::walk::format
