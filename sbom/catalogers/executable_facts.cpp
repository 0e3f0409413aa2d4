// SPDX-License-Identifier: Apache-2.0
#include "sbom/catalogers/executable_facts.hpp"

#include "base/compress/zlib.hpp"
#include "base/core/byte_order.hpp"
#include "base/core/limits.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

namespace bulla::sbom {
namespace {

constexpr std::string_view kGoSection = ".go.buildinfo";
constexpr std::string_view kRustSection = ".dep-v0";
constexpr std::size_t kGoHeaderBytes = 32;
constexpr std::size_t kGoFrameBytes = 16; ///< before and behind the module list
constexpr std::size_t kVarintBytes = 10;
constexpr char kFormatVersion = 1;

struct Range {
    std::uint64_t begin = 0;
    std::uint64_t size = 0;
};

/// Go's build information: a magic and 16 more bytes, then either two texts with their lengths (Go
/// 1.18 and later) or the addresses of two strings.
class GoBuildInfoReader {
  public:
    GoBuildInfoReader(ByteSource& source, const ElfFile& file) : source_(source), file_(file) {}

    /// Fills in what there is; the answer is why the information that is there cannot be read.
    std::string_view read(std::uint64_t address, ExecutableFacts& facts);

    /// The address of the magic, in a range of addresses.
    std::optional<std::uint64_t> find(Range range) const;

  private:
    std::optional<Bytes> take_text(std::uint64_t& address);
    std::optional<Bytes> text_behind(ByteView header, std::size_t at);
    std::uint64_t pointer(ByteView bytes, std::size_t at) const;
    std::optional<Bytes> text(std::uint64_t address, std::uint64_t size);

    ByteSource& source_;
    const ElfFile& file_;
    std::size_t pointer_size_ = 0;
    bool is_big_endian_ = false;
    bool too_large_ = false;
};

std::optional<std::uint64_t> GoBuildInfoReader::find(Range range) const {
    const ElfSegment* const segment = file_.segment_at(range.begin);
    if (segment == nullptr || segment->offset > source_.size()) {
        return std::nullopt;
    }
    const std::uint64_t inside = range.begin - segment->address;
    const std::uint64_t in_file = std::min(segment->file_size, source_.size() - segment->offset);
    if (inside >= in_file) {
        return std::nullopt;
    }
    const std::uint64_t begin = segment->offset + inside;
    const std::uint64_t end = begin + std::min(range.size, in_file - inside);
    const std::uint64_t phase = segment->address - segment->offset;
    const auto found = source_.find_go_magic(begin, end, phase);
    if (!found || end - *found < kGoHeaderBytes) {
        return std::nullopt;
    }
    return *found + phase;
}

std::optional<Bytes> GoBuildInfoReader::text(std::uint64_t address, std::uint64_t size) {
    if (size > limits::kGoBuildInfoBytes) {
        too_large_ = true;
        return std::nullopt;
    }
    if (size == 0) {
        return Bytes();
    }
    auto found = file_.read_address(address, size);
    return found && found->size() == size ? std::move(found) : std::nullopt;
}

/// A length in base 128, low bits first, and as many bytes.
std::optional<Bytes> GoBuildInfoReader::take_text(std::uint64_t& address) {
    const auto start = file_.read_address(address, kVarintBytes);
    std::uint64_t size = 0;
    for (std::size_t i = 0; start && i < start->size(); ++i) {
        const auto byte = static_cast<unsigned char>((*start)[i]);
        if (i == kVarintBytes - 1 && byte > 1) {
            return std::nullopt; // does not fit into 64 bits
        }
        size |= static_cast<std::uint64_t>(byte & 0x7FU) << (7 * i);
        if (byte < 0x80) {
            auto found = text(address + i + 1, size);
            address += i + 1 + size;
            return found;
        }
    }
    return std::nullopt;
}

std::uint64_t GoBuildInfoReader::pointer(ByteView bytes, std::size_t at) const {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < pointer_size_; ++i) {
        const std::size_t place = is_big_endian_ ? i : pointer_size_ - 1 - i;
        value = value << 8U | static_cast<unsigned char>(bytes[at + place]);
    }
    return value;
}

/// A Go string in memory: the address of its bytes, and their number.
std::optional<Bytes> GoBuildInfoReader::text_behind(ByteView header, std::size_t at) {
    const auto string = file_.read_address(pointer(header, at), 2 * pointer_size_);
    if (!string || string->size() < 2 * pointer_size_) {
        return std::nullopt;
    }
    return text(pointer(*string, 0), pointer(*string, pointer_size_));
}

std::string_view GoBuildInfoReader::read(std::uint64_t address, ExecutableFacts& facts) {
    constexpr std::string_view damaged = "is damaged";
    const auto header = file_.read_address(address, kGoHeaderBytes);
    if (!header || header->size() < kGoHeaderBytes) {
        return damaged;
    }
    const auto flags = static_cast<unsigned char>((*header)[15]);
    std::optional<Bytes> version;
    std::optional<Bytes> modules;
    if ((flags & 2U) != 0) {
        address += kGoHeaderBytes;
        version = take_text(address);
        modules = version ? take_text(address) : std::nullopt;
    } else {
        pointer_size_ = static_cast<unsigned char>((*header)[14]);
        is_big_endian_ = (flags & 1U) != 0;
        if (pointer_size_ != 4 && pointer_size_ != 8) {
            return damaged;
        }
        version = text_behind(*header, 16);
        // A program that was built without modules has no text to point to.
        modules = text_behind(*header, 16 + pointer_size_).value_or(Bytes());
    }
    if (too_large_) {
        return "is larger than any real one";
    }
    if (!version || !modules || version->empty() || version->size() > limits::kPackageFieldBytes) {
        return damaged;
    }
    facts.go_version = std::move(*version);
    const std::size_t size = modules->size();
    if (size > 2 * kGoFrameBytes && (*modules)[size - kGoFrameBytes - 1] == '\n') {
        facts.go_modules = modules->substr(kGoFrameBytes, size - 2 * kGoFrameBytes);
    }
    return {};
}

void read_go(ByteSource& source, const ElfFile& file, ExecutableFacts& facts) {
    GoBuildInfoReader reader(source, file);
    const auto section = file.find_section(kGoSection);
    if (section) {
        if (section->is_without_bytes()) {
            return; // the debug information of a program that lies elsewhere
        }
        const auto found = reader.find({section->address, section->size});
        const std::string_view why = found ? reader.read(*found, facts) : "is not there";
        facts.go_problem =
            why.empty() ? ""
                        : "the Go build information of section .go.buildinfo " + std::string(why);
        return;
    }
    for (const ElfSegment& segment : file.segments()) {
        if (segment.is_loaded() && segment.is_writable() && !segment.is_executable()) {
            // Without a section that says so, a magic may be somebody's data: if it does not read
            // like build information, it is none.
            if (const auto found = reader.find({segment.address, segment.memory_size})) {
                reader.read(*found, facts);
            }
            return;
        }
    }
}

void read_rust(ByteSource& source, const ElfFile& file, ExecutableFacts& facts) {
    const auto section = file.find_section(kRustSection);
    if (!section || section->is_without_bytes()) {
        return;
    }
    const std::string problem = "the list of crates in section .dep-v0 ";
    if (section->size > limits::kRustAuditBytes) {
        facts.rust_problem = problem + "is larger than any real one";
        return;
    }
    const auto packed = source.read(section->offset, section->size);
    if (!packed) {
        facts.rust_problem = problem + "lies beyond the end of the file";
        return;
    }
    auto inflated = compress::inflate_zlib(*packed, limits::kRustAuditBytes);
    if (!inflated) {
        facts.rust_problem = problem + "cannot be inflated: " + inflated.error().message;
        return;
    }
    // A linker that meets two lists puts one behind the other.
    if (packed->find_first_not_of('\0', inflated->consumed) != Bytes::npos) {
        facts.rust_problem = problem + "is followed by bytes that were not read";
    }
    facts.rust_crates = std::move(inflated->bytes);
}

template <class Facts> auto fields_of(Facts& facts) {
    return std::array{&facts.architecture,
                      &facts.go_version,
                      &facts.go_modules,
                      &facts.go_problem,
                      &facts.rust_crates,
                      &facts.rust_problem};
}

constexpr std::size_t kSizeBytes = 4;

Error bad_facts() {
    return Error{ErrorCode::malformed, "expected facts about an executable, found something else"};
}

} // namespace

ExecutableFacts read_executable(ByteSource& source) {
    ExecutableFacts facts;
    if (const auto file = ElfFile::open(source)) {
        facts.architecture = file->architecture();
        read_go(source, *file, facts);
        read_rust(source, *file, facts);
    }
    return facts;
}

Bytes encode_executable_facts(const ExecutableFacts& facts) {
    Bytes out;
    if (facts.is_empty()) {
        return out;
    }
    out += kFormatVersion;
    for (const std::string* const field : fields_of(facts)) {
        for (std::size_t i = 0; i < kSizeBytes; ++i) {
            out += static_cast<char>(field->size() >> (8 * i) & 0xFFU);
        }
        out += *field;
    }
    return out;
}

Result<ExecutableFacts> decode_executable_facts(ByteView bytes) {
    if (!bytes.starts_with(kFormatVersion)) {
        return bad_facts();
    }
    bytes.remove_prefix(1);
    ExecutableFacts facts;
    for (std::string* const field : fields_of(facts)) {
        if (bytes.size() < kSizeBytes) {
            return bad_facts();
        }
        const std::size_t size = load_little_endian<std::uint32_t>(bytes, 0);
        bytes.remove_prefix(kSizeBytes);
        if (size > bytes.size()) {
            return bad_facts();
        }
        *field = bytes.substr(0, size);
        bytes.remove_prefix(size);
    }
    if (!bytes.empty()) {
        return bad_facts();
    }
    return facts;
}

} // namespace bulla::sbom
