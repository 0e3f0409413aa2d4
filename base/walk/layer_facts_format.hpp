// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/core/bytes.hpp"
#include "base/walk/layer_facts.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

/// The serialised form of LayerFacts, shared by its writer and its reader only.
///
/// Header (kHeaderBytes, integers little-endian), entries, notes, scans, content; nothing else. An
/// entry
/// is a tag (kind, content state, "content is in the overflow file"), the number of leading bytes
/// its path shares with the path before, the rest of the path, and what its kind asks for: a
/// target, or a size and perhaps an offset. A scan is the distance of its entry's number from the
/// scan's before, the scanner's number, flags, and the size and offset of its facts. Integers in
/// entries and scans are LEB128, shortest form not required.
namespace bulla::walk::format {

inline constexpr std::string_view kMagic = "bullaLF2";

inline constexpr std::size_t kEntryCountAt = 8;
inline constexpr std::size_t kEntriesBytesAt = 16;
inline constexpr std::size_t kNotesBytesAt = 24;
inline constexpr std::size_t kScansBytesAt = 32;
inline constexpr std::size_t kContentBytesAt = 40;
inline constexpr std::size_t kOverflowBytesAt = 48;
inline constexpr std::size_t kOverflowHashAt = 56;
inline constexpr std::size_t kHasDiffIdAt = 88;
inline constexpr std::size_t kDiffIdAt = 96;
inline constexpr std::size_t kHeaderBytes = 128;
inline constexpr std::size_t kHashBytes = 32;

inline constexpr std::size_t kNotes = 64;
inline constexpr std::size_t kNoteBytes = 8192;

inline constexpr unsigned kKindMask = 0x0F;
inline constexpr unsigned kStateShift = 4;
inline constexpr unsigned kStateMask = 0x03;
inline constexpr unsigned kInOverflow = 0x40;

inline constexpr unsigned kScanIncomplete = 0x01;
inline constexpr unsigned kScanInOverflow = 0x02;

void append_varint(Bytes& out, std::uint64_t value);

/// Takes a varint off the front; false if there is none that fits into 64 bits.
bool take_varint(ByteView& from, std::uint64_t& value);

void store_u64(Bytes& bytes, std::size_t at, std::uint64_t value);

inline bool has_target(EntryKind kind) {
    return kind == EntryKind::symlink || kind == EntryKind::hard_link;
}

} // namespace bulla::walk::format
