// SPDX-License-Identifier: Apache-2.0
#include "sbom/catalogers/rpm_ndb.hpp"

#include "base/core/byte_order.hpp"
#include "base/core/limits.hpp"

#include <algorithm>

namespace bulla::sbom {
namespace {

constexpr std::uint64_t kPageBytes = 4096;
constexpr std::uint64_t kBlockBytes = 16;
constexpr std::size_t kSlotBytes = 16;
constexpr std::uint64_t kFileHeaderBytes = 32;
constexpr std::uint64_t kHeadBytes = 16;
constexpr std::uint64_t kTailBytes = 12;

/// All numbers are little-endian.
std::uint32_t number_at(ByteView bytes, std::size_t at) {
    return load_little_endian<std::uint32_t>(bytes, at);
}

/// RFC 1950 section 8.2.
std::uint32_t adler32_of(ByteView bytes) {
    constexpr std::uint32_t kModulus = 65521;
    /// So many additions cannot overflow 32 bits.
    constexpr std::size_t kRun = 5552;
    std::uint32_t a = 1;
    std::uint32_t b = 0;
    while (!bytes.empty()) {
        const ByteView run = bytes.substr(0, kRun);
        for (const char c : run) {
            a += static_cast<unsigned char>(c);
            b += a;
        }
        a %= kModulus;
        b %= kModulus;
        bytes.remove_prefix(run.size());
    }
    return (b << 16U) | a;
}

struct Slot {
    std::uint32_t package;
    std::uint64_t block;
    std::uint64_t blocks;
};

Error bad_blob(const Slot& slot, std::string_view what) {
    return damaged("package " + std::to_string(slot.package) + " at block " +
                   std::to_string(slot.block) + " " + std::string(what));
}

Status read_blob(const RpmFile& file, const Slot& slot, const RpmHeaderSink& sink) {
    const std::uint64_t size = slot.blocks * kBlockBytes;
    if (size < kHeadBytes + kTailBytes) {
        return bad_blob(slot, "is too short");
    }
    if (size > limits::kRpmHeaderBytes + kHeadBytes + kTailBytes + kBlockBytes) {
        return Error{ErrorCode::limit_exceeded,
                     "expected a header of at most " + std::to_string(limits::kRpmHeaderBytes) +
                         " bytes, found " + std::to_string(size)};
    }
    BULLA_TRY_ASSIGN(const FileContent content, file.read(slot.block * kBlockBytes, size));
    const ByteView blob = content.bytes();
    const std::uint64_t length = number_at(blob, 12);
    if (!blob.starts_with("BlbS") || number_at(blob, 4) != slot.package) {
        return bad_blob(slot, "does not begin with its mark");
    }
    if ((kHeadBytes + length + kTailBytes + kBlockBytes - 1) / kBlockBytes != slot.blocks) {
        return bad_blob(slot,
                        "has " + std::to_string(length) + " bytes in " +
                            std::to_string(slot.blocks) + " blocks");
    }
    const ByteView tail = blob.substr(size - kTailBytes);
    if (!tail.ends_with("BlbE") || number_at(tail, 4) != length) {
        return bad_blob(slot, "does not end with its mark");
    }
    if (number_at(tail, 0) != adler32_of(blob.substr(0, size - kTailBytes))) {
        return bad_blob(slot, "does not have its checksum");
    }
    return sink(blob.substr(kHeadBytes, length));
}

} // namespace

Status read_rpm_ndb(const RpmFile& file, const RpmHeaderSink& sink) {
    BULLA_TRY_ASSIGN(const FileContent header, file.read(0, kFileHeaderBytes));
    if (!header.bytes().starts_with("RpmP")) {
        return damaged("expected an rpm package database, it does not begin with RpmP");
    }
    if (const std::uint32_t version = number_at(header.bytes(), 4); version != 0) {
        return Error{ErrorCode::unsupported,
                     "expected version 0 of the rpm package database, found " +
                         std::to_string(version)};
    }
    const std::uint64_t pages = number_at(header.bytes(), 12);
    if (pages == 0 || pages > file.size() / kPageBytes) {
        return damaged("its table of " + std::to_string(pages) + " pages is not in it");
    }
    std::uint64_t blocks_left = file.size() / kBlockBytes;
    for (std::uint64_t page = 0; page < pages; ++page) {
        BULLA_TRY_ASSIGN(const FileContent content, file.read(page * kPageBytes, kPageBytes));
        const ByteView bytes = content.bytes();
        for (std::size_t at = page == 0 ? kFileHeaderBytes : 0; at < bytes.size();
             at += kSlotBytes) {
            if (bytes.substr(at, 4) != "Slot") {
                return damaged("slot " + std::to_string((page * kPageBytes + at) / kSlotBytes) +
                               " does not begin with its mark");
            }
            const Slot slot{
                number_at(bytes, at + 4), number_at(bytes, at + 8), number_at(bytes, at + 12)};
            if (slot.block == 0) {
                continue; // free
            }
            // Blobs do not overlap, so that no file makes more work than its size.
            if (slot.blocks > blocks_left || slot.block < pages * kPageBytes / kBlockBytes) {
                return bad_blob(slot, "lies over others");
            }
            blocks_left -= slot.blocks;
            BULLA_TRY(read_blob(file, slot, sink));
        }
    }
    return ok();
}

} // namespace bulla::sbom
