// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/core/bytes.hpp"
#include "base/core/result.hpp"

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace bulla::sbom {

/// The 14 bytes that Go's linker begins its build information with, at an address that is a
/// multiple of kGoMagicAlign.
inline constexpr std::string_view kGoMagic = "\xff Go buildinf:";
inline constexpr std::uint64_t kGoMagicAlign = 16;

/// A file by offsets, of which perhaps not everything was kept. Whoever asks for something that was
/// not kept gets nothing, and `missed` says so afterwards: what was concluded is then worthless.
/// Failed reads are remembered in `status` in the same way, so that a parser need not tell three
/// kinds of nothing apart at every step.
class ByteSource {
  public:
    virtual ~ByteSource() = default;

    virtual std::uint64_t size() const = 0;

    /// Exactly the bytes from `offset` on; nothing if they lie beyond the end.
    virtual std::optional<Bytes> read(std::uint64_t offset, std::uint64_t size) = 0;

    /// True if `text` stands at `offset`.
    virtual bool holds(std::uint64_t offset, std::string_view text);

    /// The first offset in [begin, end) at which kGoMagic stands whole and to which `phase` must be
    /// added to get a multiple of kGoMagicAlign.
    virtual std::optional<std::uint64_t>
    find_go_magic(std::uint64_t begin, std::uint64_t end, std::uint64_t phase) = 0;

    /// True if something was asked for that had not been kept.
    bool missed() const { return missed_; }

    /// The first error of a read from disk.
    const Status& status() const { return status_; }

  protected:
    bool missed_ = false;
    Status status_;
};

/// The fixed part of an ELF file (System V ABI, chapter 4), of either class and byte order.
struct ElfHeader {
    bool is_64_bit = true;
    bool is_big_endian = false;
    std::uint16_t machine = 0; ///< EM_X86_64 is 62
    std::uint64_t segments_at = 0;
    std::uint64_t sections_at = 0;
    std::uint32_t segment_count = 0;
    std::uint32_t section_count = 0; ///< 0 where the first section has the number
    std::uint32_t names_index = 0;   ///< 0xFFFF where the first section has it

    std::uint64_t segment_bytes() const { return is_64_bit ? 56 : 32; }

    std::uint64_t section_bytes() const { return is_64_bit ? 64 : 40; }
};

/// A program header.
struct ElfSegment {
    std::uint32_t type = 0;
    std::uint32_t flags = 0;
    std::uint64_t offset = 0;
    std::uint64_t address = 0;
    std::uint64_t file_size = 0;
    std::uint64_t memory_size = 0;

    bool is_loaded() const { return type == 1; }

    bool is_writable() const { return (flags & 2U) != 0; }

    bool is_executable() const { return (flags & 1U) != 0; }
};

/// A section header.
struct ElfSection {
    std::uint32_t name = 0; ///< offset in the table of names
    std::uint32_t type = 0;
    std::uint64_t address = 0;
    std::uint64_t offset = 0;
    std::uint64_t size = 0;
    std::uint32_t link = 0;

    /// SHT_NOBITS: the file has no bytes for it (.bss, and everything in a separate debug file).
    bool is_without_bytes() const { return type == 8; }
};

/// The header of a program or shared library; nothing for other ELF files (object files, core
/// dumps) and for anything else. `head` is the start of the file, 64 bytes are enough.
std::optional<ElfHeader> parse_elf_header(ByteView head);

/// One table entry each, from `segment_bytes` or `section_bytes` bytes.
ElfSegment parse_elf_segment(const ElfHeader& header, ByteView entry);
ElfSection parse_elf_section(const ElfHeader& header, ByteView entry);

/// An ELF program or shared library, read on demand from a source that must outlive it. Damage is
/// no error: what cannot be read is not there.
class ElfFile {
  public:
    /// Nothing if there is no readable header with its table of segments (at most
    /// limits::kElfSegments).
    static std::optional<ElfFile> open(ByteSource& source);

    const ElfHeader& header() const { return header_; }

    const std::vector<ElfSegment>& segments() const { return segments_; }

    /// The first section of that name; none if the table is larger than limits::kElfSections.
    std::optional<ElfSection> find_section(std::string_view name) const;

    /// The first loaded segment that has bytes in the file for `address`.
    const ElfSegment* segment_at(std::uint64_t address) const;

    /// At most `most` bytes from `address` on, all of them from one segment; fewer at its end.
    std::optional<Bytes> read_address(std::uint64_t address, std::uint64_t most) const;

    /// The processor in Go's and OCI's spelling ("amd64"), or empty.
    std::string_view architecture() const;

  private:
    ElfFile(ByteSource& source, ElfHeader header) : source_(&source), header_(header) {}

    ByteSource* source_;
    ElfHeader header_;
    std::vector<ElfSegment> segments_;
};

} // namespace bulla::sbom
