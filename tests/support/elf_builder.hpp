// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bulla::test {

inline constexpr std::uint32_t kExec = 1;
inline constexpr std::uint32_t kWrite = 2;
inline constexpr std::uint32_t kRead = 4;

/// Writes ELF files by hand: a header, program headers, loaded segments, sections that no segment
/// holds, section names, section headers. Everything may be made wrong on purpose.
class ElfBuilder {
  public:
    bool is_64_bit = true;
    bool is_big_endian = false;
    std::uint16_t type = 2;     ///< ET_EXEC
    std::uint16_t machine = 62; ///< EM_X86_64
    std::string behind_names;   ///< between section names and section headers

    /// A loaded segment; its address is what its place in the file gives, and `base`.
    ElfBuilder& segment(std::uint32_t flags, std::uint64_t base, std::string content) {
        segments_.push_back({flags, base, std::move(content)});
        return *this;
    }

    /// Names a range of a segment a section.
    ElfBuilder& section_in_segment(std::string name,
                                   std::size_t segment,
                                   std::uint64_t begin,
                                   std::uint64_t size,
                                   std::uint32_t section_type = 1) {
        sections_.push_back({std::move(name), section_type, segment, begin, size, {}});
        return *this;
    }

    /// A section behind all segments.
    ElfBuilder& section(std::string name, std::string content, std::uint32_t section_type = 1) {
        const auto size = content.size();
        sections_.push_back(
            {std::move(name), section_type, kNoSegment, 0, size, std::move(content)});
        return *this;
    }

    /// Where a segment's content will stand in the file, and in memory.
    std::uint64_t offset_of(std::size_t segment) const {
        std::uint64_t at = header_bytes() + segments_.size() * segment_bytes();
        for (std::size_t i = 0; i <= segment; ++i) {
            at = (at + kAlign - 1) / kAlign * kAlign;
            at += i < segment ? segments_[i].content.size() : 0;
        }
        return at;
    }

    std::uint64_t address_of(std::size_t segment) const {
        return segments_[segment].base + offset_of(segment);
    }

    /// Without `with_sections` there is no table of sections, as after sstrip(1).
    std::string build(bool with_sections = true) const {
        std::string body;
        std::string table(with_sections ? section_bytes() : 0, '\0');
        std::string names(1, '\0');
        for (std::size_t i = 0; i < segments_.size(); ++i) {
            body.resize(offset_of(i), '\0');
            body += segments_[i].content;
        }
        if (with_sections) {
            body.resize(std::max<std::size_t>(body.size(), header_bytes()), '\0');
            for (const Section& section : sections_) {
                add_section(table, section, names.size(), body.size());
                names += section.name + '\0';
                body += section.content;
            }
            const Section strings{.name = ".shstrtab", .type = 3};
            add_header(table, names.size(), 3, 0, body.size(), names.size() + 10);
            names += strings.name + '\0';
            body += names + behind_names;
        }
        std::string out = header(with_sections ? body.size() : 0) + program_headers();
        return out + body.substr(std::min(out.size(), body.size())) + table;
    }

    std::string number(std::uint64_t value, std::size_t size) const {
        std::string out(size, '\0');
        for (std::size_t i = 0; i < size; ++i) {
            out[is_big_endian ? size - 1 - i : i] = static_cast<char>(value >> (8 * i) & 0xFFU);
        }
        return out;
    }

    std::string pointer(std::uint64_t value) const { return number(value, is_64_bit ? 8 : 4); }

  private:
    static constexpr std::size_t kAlign = 64;
    static constexpr std::size_t kNoSegment = ~std::size_t{0};

    struct Segment {
        std::uint32_t flags;
        std::uint64_t base;
        std::string content;
    };

    struct Section {
        std::string name;
        std::uint32_t type = 1;
        std::size_t segment = kNoSegment;
        std::uint64_t begin = 0;
        std::uint64_t size = 0;
        std::string content{};
    };

    std::size_t header_bytes() const { return is_64_bit ? 64 : 52; }

    std::size_t segment_bytes() const { return is_64_bit ? 56 : 32; }

    std::size_t section_bytes() const { return is_64_bit ? 64 : 40; }

    std::string half(std::uint64_t value) const { return number(value, 2); }

    std::string word(std::uint64_t value) const { return number(value, 4); }

    std::string header(std::uint64_t sections_at) const {
        std::string out = "\x7f"
                          "ELF";
        out += is_64_bit ? '\2' : '\1';
        out += is_big_endian ? '\2' : '\1';
        out += '\1';
        out.resize(16, '\0');
        out += half(type) + half(machine) + word(1) + pointer(0x401000);
        out += pointer(header_bytes()) + pointer(sections_at) + word(0);
        out += half(header_bytes()) + half(segment_bytes()) + half(segments_.size());
        out += half(section_bytes()) + half(sections_at == 0 ? 0 : sections_.size() + 2);
        return out + half(sections_at == 0 ? 0 : sections_.size() + 1);
    }

    std::string program_headers() const {
        std::string out;
        for (std::size_t i = 0; i < segments_.size(); ++i) {
            const auto size = pointer(segments_[i].content.size());
            out += word(1) + (is_64_bit ? word(segments_[i].flags) : "");
            out += pointer(offset_of(i)) + pointer(address_of(i)) + pointer(address_of(i));
            out += size + size + (is_64_bit ? "" : word(segments_[i].flags)) + pointer(kAlign);
        }
        return out;
    }

    void add_section(std::string& table,
                     const Section& section,
                     std::uint64_t name,
                     std::uint64_t at) const {
        const bool loaded = section.segment != kNoSegment;
        add_header(table,
                   name,
                   section.type,
                   loaded ? address_of(section.segment) + section.begin : 0,
                   loaded ? offset_of(section.segment) + section.begin : at,
                   section.size);
    }

    void add_header(std::string& table,
                    std::uint64_t name,
                    std::uint64_t section_type,
                    std::uint64_t address,
                    std::uint64_t offset,
                    std::uint64_t size) const {
        table += word(name) + word(section_type) + pointer(0) + pointer(address) + pointer(offset);
        table += pointer(size) + word(0) + word(0) + pointer(1) + pointer(0);
    }

    std::vector<Segment> segments_;
    std::vector<Section> sections_;
};

inline constexpr std::string_view kGoInfoMagic = "\xff Go buildinf:";

/// Length and content, as in Go's build information since 1.18.
inline std::string go_counted(std::string_view text) {
    std::string out;
    std::size_t size = text.size();
    for (; size >= 0x80; size >>= 7U) {
        out += static_cast<char>((size & 0x7FU) | 0x80U);
    }
    out += static_cast<char>(size);
    return out + std::string(text);
}

/// A module list between its two frames of 16 bytes.
inline std::string go_framed(std::string_view modules) {
    return std::string(16, '<') + std::string(modules) + std::string(16, '>');
}

/// Go's build information since 1.18.
inline std::string go_inline_info(std::string_view version, std::string_view modules) {
    std::string out(kGoInfoMagic);
    out += '\x08';
    out += '\x02';
    out.resize(32, '\0');
    return out + go_counted(version) + go_counted(modules.empty() ? "" : go_framed(modules));
}

/// A program as Go's linker makes it: code, and a writable segment that begins with the section
/// .go.buildinfo.
inline ElfBuilder go_program(std::string_view version, std::string_view modules) {
    const std::string info = go_inline_info(version, modules);
    ElfBuilder elf;
    elf.segment(kRead | kExec, 0x400000, "code");
    elf.segment(kRead | kWrite, 0x500000, info + std::string(64, 'd'));
    elf.section_in_segment(".go.buildinfo", 1, 0, info.size());
    return elf;
}

/// The text in stored blocks: a zlib stream (RFC 1950) that needs no library to make.
inline std::string zlib_stored(std::string_view text) {
    std::string out = "\x78\x01";
    std::uint32_t a = 1;
    std::uint32_t b = 0;
    for (const char c : text) {
        a = (a + static_cast<unsigned char>(c)) % 65521U;
        b = (b + a) % 65521U;
    }
    do {
        const std::string_view block = text.substr(0, 65535);
        text.remove_prefix(block.size());
        out += text.empty() ? '\1' : '\0';
        for (const std::size_t size : {block.size(), ~block.size()}) {
            out += static_cast<char>(size & 0xFFU);
            out += static_cast<char>(size >> 8U & 0xFFU);
        }
        out += block;
    } while (!text.empty());
    for (const std::uint32_t half : {b, a}) {
        out += static_cast<char>(half >> 8U);
        out += static_cast<char>(half & 0xFFU);
    }
    return out;
}

/// A program as cargo auditable makes it: the list of crates in a section that is not loaded.
inline ElfBuilder rust_program(std::string_view json) {
    ElfBuilder elf;
    elf.type = 3;
    elf.segment(kRead | kExec, 0, "code").segment(kRead | kWrite, 0x1000, "data");
    elf.section(".comment", "a compiler").section(".dep-v0", zlib_stored(json));
    return elf;
}

} // namespace bulla::test
