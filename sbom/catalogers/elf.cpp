// SPDX-License-Identifier: Apache-2.0
#include "sbom/catalogers/elf.hpp"

#include "base/core/limits.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>

namespace bulla::sbom {
namespace {

constexpr std::uint32_t kExecutable = 2;
constexpr std::uint32_t kSharedObject = 3;
constexpr std::uint32_t kNameIndexElsewhere = 0xFFFF;
constexpr std::size_t kHeader32 = 52;
constexpr std::size_t kHeader64 = 64;

/// Integers of a table entry; the caller has checked that it is long enough.
class Fields {
  public:
    Fields(ByteView bytes, bool is_big_endian) : bytes_(bytes), is_big_endian_(is_big_endian) {}

    std::uint64_t number(std::size_t at, std::size_t size) const {
        std::uint64_t value = 0;
        for (std::size_t i = 0; i < size; ++i) {
            const std::size_t place = is_big_endian_ ? i : size - 1 - i;
            value = value << 8U | static_cast<unsigned char>(bytes_[at + place]);
        }
        return value;
    }

    std::uint16_t half(std::size_t at) const { return static_cast<std::uint16_t>(number(at, 2)); }

    std::uint32_t word(std::size_t at) const { return static_cast<std::uint32_t>(number(at, 4)); }

  private:
    ByteView bytes_;
    bool is_big_endian_;
};

struct Machine {
    std::uint16_t number;
    bool is_big_endian;
    bool is_64_bit;
    std::string_view name;
};

constexpr std::array kMachines{
    Machine{3, false, false, "386"},
    Machine{8, true, false, "mips"},
    Machine{8, false, false, "mipsle"},
    Machine{8, true, true, "mips64"},
    Machine{8, false, true, "mips64le"},
    Machine{20, true, false, "ppc"},
    Machine{21, true, true, "ppc64"},
    Machine{21, false, true, "ppc64le"},
    Machine{22, true, true, "s390x"},
    Machine{40, false, false, "arm"},
    Machine{62, false, true, "amd64"},
    Machine{183, false, true, "arm64"},
    Machine{243, false, true, "riscv64"},
    Machine{258, false, true, "loong64"},
};

} // namespace

bool ByteSource::holds(std::uint64_t offset, std::string_view text) {
    const auto found = read(offset, text.size());
    return found && *found == text;
}

std::optional<ElfHeader> parse_elf_header(ByteView head) {
    if (head.size() < kHeader32 || !head.starts_with("\x7f"
                                                     "ELF")) {
        return std::nullopt;
    }
    const bool is_64_bit = head[4] == 2;
    const bool is_big_endian = head[5] == 2;
    if ((head[4] != 1 && !is_64_bit) || (head[5] != 1 && !is_big_endian) ||
        (is_64_bit && head.size() < kHeader64)) {
        return std::nullopt;
    }
    const Fields fields(head, is_big_endian);
    if (const auto type = fields.half(16); type != kExecutable && type != kSharedObject) {
        return std::nullopt;
    }
    ElfHeader header{.is_64_bit = is_64_bit, .is_big_endian = is_big_endian};
    const std::size_t address = is_64_bit ? 8 : 4;
    const std::size_t sizes = is_64_bit ? 54 : 42; // of the five 16-bit numbers at the end
    header.machine = fields.half(18);
    header.segments_at = fields.number(24 + address, address);
    header.sections_at = fields.number(24 + 2 * address, address);
    // Entries of another size than the standard's mean that the table is not what it says.
    header.segment_count =
        fields.half(sizes) == header.segment_bytes() ? fields.half(sizes + 2) : 0;
    const bool has_sections =
        header.sections_at != 0 && fields.half(sizes + 4) == header.section_bytes();
    header.sections_at = has_sections ? header.sections_at : 0;
    header.section_count = fields.half(sizes + 6);
    header.names_index = fields.half(sizes + 8);
    return header;
}

ElfSegment parse_elf_segment(const ElfHeader& header, ByteView entry) {
    const Fields fields(entry, header.is_big_endian);
    if (header.is_64_bit) {
        return {.type = fields.word(0),
                .flags = fields.word(4),
                .offset = fields.number(8, 8),
                .address = fields.number(16, 8),
                .file_size = fields.number(32, 8),
                .memory_size = fields.number(40, 8)};
    }
    return {.type = fields.word(0),
            .flags = fields.word(24),
            .offset = fields.word(4),
            .address = fields.word(8),
            .file_size = fields.word(16),
            .memory_size = fields.word(20)};
}

ElfSection parse_elf_section(const ElfHeader& header, ByteView entry) {
    const Fields fields(entry, header.is_big_endian);
    if (header.is_64_bit) {
        return {.name = fields.word(0),
                .type = fields.word(4),
                .address = fields.number(16, 8),
                .offset = fields.number(24, 8),
                .size = fields.number(32, 8),
                .link = fields.word(40)};
    }
    return {.name = fields.word(0),
            .type = fields.word(4),
            .address = fields.word(12),
            .offset = fields.word(16),
            .size = fields.word(20),
            .link = fields.word(24)};
}

std::optional<ElfFile> ElfFile::open(ByteSource& source) {
    const auto head = source.read(0, std::min<std::uint64_t>(source.size(), kHeader64));
    const auto header = head ? parse_elf_header(*head) : std::nullopt;
    if (!header || header->segment_count > limits::kElfSegments) {
        return std::nullopt;
    }
    ElfFile file(source, *header);
    const std::uint64_t bytes = header->segment_bytes();
    const auto table = source.read(header->segments_at, header->segment_count * bytes);
    if (!table) {
        return std::nullopt;
    }
    file.segments_.reserve(header->segment_count);
    for (std::size_t at = 0; at < table->size(); at += bytes) {
        file.segments_.push_back(parse_elf_segment(*header, ByteView(*table).substr(at, bytes)));
    }
    return file;
}

std::optional<ElfSection> ElfFile::find_section(std::string_view name) const {
    if (header_.sections_at == 0) {
        return std::nullopt;
    }
    const std::uint64_t bytes = header_.section_bytes();
    std::uint64_t count = header_.section_count;
    std::uint32_t names = header_.names_index;
    if (count == 0 || names == kNameIndexElsewhere) {
        const auto first = source_->read(header_.sections_at, bytes);
        if (!first) {
            return std::nullopt;
        }
        const ElfSection section = parse_elf_section(header_, *first);
        count = count == 0 ? section.size : count;
        names = names == kNameIndexElsewhere ? section.link : names;
    }
    if (count > limits::kElfSections || names >= count) {
        return std::nullopt;
    }
    const auto table = source_->read(header_.sections_at, count * bytes);
    if (!table) {
        return std::nullopt;
    }
    const auto section_at = [&](std::uint64_t index) {
        return parse_elf_section(header_, ByteView(*table).substr(index * bytes, bytes));
    };
    const ElfSection strings = section_at(names);
    const std::string wanted = std::string(name) + '\0';
    for (std::uint64_t i = 1; i < count; ++i) {
        const ElfSection section = section_at(i);
        const bool has_name = !strings.is_without_bytes() && strings.size >= wanted.size() &&
                              section.name <= strings.size - wanted.size() &&
                              strings.offset <= source_->size();
        if (has_name && source_->holds(strings.offset + section.name, wanted)) {
            return section;
        }
    }
    return std::nullopt;
}

const ElfSegment* ElfFile::segment_at(std::uint64_t address) const {
    const auto it = std::find_if(segments_.begin(), segments_.end(), [&](const ElfSegment& s) {
        return s.is_loaded() && s.address <= address && address - s.address < s.file_size;
    });
    return it == segments_.end() ? nullptr : &*it;
}

std::optional<Bytes> ElfFile::read_address(std::uint64_t address, std::uint64_t most) const {
    const ElfSegment* const segment = segment_at(address);
    const std::uint64_t size = source_->size();
    if (segment == nullptr || segment->offset > size) {
        return std::nullopt;
    }
    const std::uint64_t inside = address - segment->address;
    if (inside > size - segment->offset) {
        return std::nullopt;
    }
    const std::uint64_t at = segment->offset + inside;
    return source_->read(at, std::min({most, segment->file_size - inside, size - at}));
}

std::string_view ElfFile::architecture() const {
    const auto* const it = std::find_if(kMachines.begin(), kMachines.end(), [&](const Machine& m) {
        return m.number == header_.machine && m.is_big_endian == header_.is_big_endian &&
               m.is_64_bit == header_.is_64_bit;
    });
    return it == kMachines.end() ? std::string_view() : it->name;
}

} // namespace bulla::sbom
