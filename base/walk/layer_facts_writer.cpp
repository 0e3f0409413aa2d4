// SPDX-License-Identifier: Apache-2.0
#include "base/core/limits.hpp"
#include "base/core/text.hpp"
#include "base/crypto/hasher.hpp"
#include "base/walk/layer_facts.hpp"
#include "base/walk/layer_facts_format.hpp"

#include <algorithm>
#include <cassert>

namespace bulla::walk {

namespace format {

void append_varint(Bytes& out, std::uint64_t value) {
    while (value >= 0x80) {
        out += static_cast<char>(value | 0x80U);
        value >>= 7U;
    }
    out += static_cast<char>(value);
}

bool take_varint(ByteView& from, std::uint64_t& value) {
    value = 0;
    for (std::size_t i = 0; i < from.size() && i < 10; ++i) {
        const auto byte = static_cast<unsigned char>(from[i]);
        if (i == 9 && byte > 1) {
            return false;
        }
        value |= std::uint64_t{byte & 0x7FU} << (7 * i);
        if (byte < 0x80) {
            from.remove_prefix(i + 1);
            return true;
        }
    }
    return false;
}

void store_u64(Bytes& bytes, std::size_t at, std::uint64_t value) {
    for (std::size_t i = 0; i < 8; ++i) {
        bytes[at + i] = static_cast<char>(value >> (8 * i));
    }
}

} // namespace format

using namespace format;

struct LayerFactsWriter::State {
    Bytes entries;
    Bytes scans;
    Bytes content;
    Bytes previous_path;
    std::vector<std::string> notes;
    std::size_t dropped_notes = 0;
    std::uint64_t count = 0;
    FileDescriptor overflow;
    std::uint64_t overflow_bytes = 0;
    crypto::Hasher overflow_hasher{HashAlgorithm::sha256};
    bool into_overflow = false;
    std::uint64_t awaited = 0; ///< bytes of the open entry that are still to come
    std::uint64_t scanned = 0; ///< the entry of the last scan

    Status open_content(std::uint64_t size, std::string_view path);
    Status append(ByteView bytes);

    std::uint64_t content_end() const { return into_overflow ? overflow_bytes : content.size(); }

    Status append_entry(const EntryFact& entry, unsigned flags);
    Bytes encoded_notes() const;
};

Status LayerFactsWriter::State::append_entry(const EntryFact& entry, unsigned flags) {
    if (++count > limits::kLayerEntries) {
        return Error{ErrorCode::limit_exceeded,
                     "expected at most " + std::to_string(limits::kLayerEntries) +
                         " entries in a layer and found more"};
    }
    if (std::max(entry.path.size(), entry.target.size()) > limits::kPathBytes) {
        return Error{ErrorCode::limit_exceeded,
                     "expected paths and link targets of at most " +
                         std::to_string(limits::kPathBytes) + " bytes and found a longer one: \"" +
                         text::printable(entry.path.substr(0, 200)) + "...\""};
    }
    const auto common = std::ranges::mismatch(entry.path, previous_path).in1;
    const auto shared = static_cast<std::size_t>(common - entry.path.begin());
    entries +=
        static_cast<char>(static_cast<unsigned>(entry.kind) |
                          (static_cast<unsigned>(entry.content_state) << kStateShift) | flags);
    append_varint(entries, shared);
    append_varint(entries, entry.path.size() - shared);
    entries += entry.path.substr(shared);
    previous_path.replace(shared, std::string::npos, entry.path.substr(shared));
    if (has_target(entry.kind)) {
        append_varint(entries, entry.target.size());
        entries += entry.target;
    } else if (entry.kind == EntryKind::regular) {
        append_varint(entries, entry.size);
    }
    return ok();
}

Bytes LayerFactsWriter::State::encoded_notes() const {
    Bytes out;
    for (const auto& note : notes) {
        append_varint(out, note.size());
        out += note;
    }
    if (dropped_notes > 0) {
        const auto last = std::to_string(dropped_notes) + " more remarks are not shown";
        append_varint(out, last.size());
        out += last;
    }
    return out;
}

LayerFactsWriter::LayerFactsWriter() : state_(std::make_unique<State>()) {}

LayerFactsWriter::LayerFactsWriter(LayerFactsWriter&&) noexcept = default;
LayerFactsWriter& LayerFactsWriter::operator=(LayerFactsWriter&&) noexcept = default;
LayerFactsWriter::~LayerFactsWriter() = default;

Status LayerFactsWriter::add(const EntryFact& entry) {
    assert(entry.content_state != ContentState::kept);
    return state_->append_entry(entry, 0);
}

/// Decides where the next `size` bytes of content go.
Status LayerFactsWriter::State::open_content(std::uint64_t size, std::string_view path) {
    if (size > limits::kKeptLayerBytes - (content.size() + overflow_bytes)) {
        return Error{ErrorCode::limit_exceeded,
                     "expected at most " + std::to_string(limits::kKeptLayerBytes) +
                         " bytes of package metadata in a layer and found more at \"" +
                         text::printable(path) + "\""};
    }
    into_overflow = size > limits::kKeptInMemoryBytes - content.size();
    if (into_overflow && !overflow.is_open()) {
        BULLA_TRY_ASSIGN(overflow, make_unlinked_file());
    }
    return ok();
}

Status LayerFactsWriter::State::append(ByteView bytes) {
    if (!into_overflow) {
        content += bytes;
        return ok();
    }
    overflow_bytes += bytes.size();
    overflow_hasher.update(bytes);
    return write_all(overflow.value(), bytes);
}

Status LayerFactsWriter::begin_content(const EntryFact& entry) {
    State& s = *state_;
    assert(s.awaited == 0 && entry.kind == EntryKind::regular);
    BULLA_TRY(s.open_content(entry.size, entry.path));
    EntryFact kept_entry = entry;
    kept_entry.content_state = ContentState::kept;
    BULLA_TRY(s.append_entry(kept_entry, s.into_overflow ? kInOverflow : 0U));
    append_varint(s.entries, s.content_end());
    s.awaited = entry.size;
    return ok();
}

Status LayerFactsWriter::append_content(ByteView bytes) {
    State& s = *state_;
    assert(bytes.size() <= s.awaited);
    s.awaited -= bytes.size();
    return s.append(bytes);
}

Status LayerFactsWriter::end_content() {
    if (state_->awaited != 0) {
        return Error{ErrorCode::internal, "an entry's content is shorter than its size"};
    }
    return ok();
}

Status LayerFactsWriter::add_scan(std::uint32_t scanner, const ScanResult& result) {
    State& s = *state_;
    assert(s.awaited == 0 && s.count > 0 && scanner < kMostScanners);
    if (result.facts.empty() && !result.incomplete) {
        return ok();
    }
    if (result.facts.size() > limits::kScanFactsBytes) {
        return Error{ErrorCode::limit_exceeded,
                     "expected at most " + std::to_string(limits::kScanFactsBytes) +
                         " bytes to be known of one file and found " +
                         std::to_string(result.facts.size()) + " at \"" +
                         text::printable(s.previous_path) + "\""};
    }
    BULLA_TRY(s.open_content(result.facts.size(), s.previous_path));
    append_varint(s.scans, s.count - 1 - s.scanned);
    s.scanned = s.count - 1;
    append_varint(s.scans, scanner);
    s.scans += static_cast<char>((result.incomplete ? kScanIncomplete : 0U) |
                                 (s.into_overflow ? kScanInOverflow : 0U));
    append_varint(s.scans, result.facts.size());
    append_varint(s.scans, s.content_end());
    return s.append(result.facts);
}

void LayerFactsWriter::note(std::string text) {
    if (state_->notes.size() == kNotes - 1) {
        ++state_->dropped_notes;
        return;
    }
    text.resize(std::min(text.size(), kNoteBytes));
    state_->notes.push_back(std::move(text));
}

Result<LayerFactsWriter::Finished> LayerFactsWriter::finish(ByteView diff_id_hash) {
    State& s = *state_;
    BULLA_TRY(end_content());
    const Bytes notes = s.encoded_notes();
    Bytes bytes;
    bytes.reserve(kHeaderBytes + s.entries.size() + notes.size() + s.scans.size() +
                  s.content.size());
    bytes.assign(kHeaderBytes, '\0');
    bytes.replace(0, kMagic.size(), kMagic);
    store_u64(bytes, kEntryCountAt, s.count);
    store_u64(bytes, kEntriesBytesAt, s.entries.size());
    store_u64(bytes, kNotesBytesAt, notes.size());
    store_u64(bytes, kScansBytesAt, s.scans.size());
    store_u64(bytes, kContentBytesAt, s.content.size());
    store_u64(bytes, kOverflowBytesAt, s.overflow_bytes);
    if (s.overflow_bytes > 0) {
        bytes.replace(kOverflowHashAt, kHashBytes, s.overflow_hasher.finish());
    }
    if (!diff_id_hash.empty()) {
        assert(diff_id_hash.size() == kHashBytes);
        store_u64(bytes, kHasDiffIdAt, 1);
        bytes.replace(kDiffIdAt, kHashBytes, diff_id_hash);
    }
    bytes += s.entries;
    s.entries = {};
    bytes += notes;
    bytes += s.scans;
    bytes += s.content;
    s.content = {};
    if (s.overflow_bytes == 0) {
        s.overflow.reset();
    }
    return Finished{std::move(bytes), std::move(s.overflow)};
}

} // namespace bulla::walk
