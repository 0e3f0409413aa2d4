// SPDX-License-Identifier: Apache-2.0
#include "sbom/catalogers/executable_facts.hpp"
#include "sbom/catalogers/executable_scanner.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/elf_builder.hpp"

#include <algorithm>

using namespace bulla;
using sbom::ExecutableFacts;
using test::ElfBuilder;
using walk::ScanEffort;

namespace {

constexpr std::string_view kModules = "path\tx.example/app\nmod\tx.example/app\tv1.0.0\t\n";
constexpr std::string_view kCrates = R"({"packages":[]})";
constexpr std::size_t kLarge = 3'000'000; ///< no longer kept whole

walk::ScanResult
scan(ByteView file, ScanEffort effort = ScanEffort::streaming, std::size_t piece = 65'536) {
    const auto scanner = sbom::executable_scanner().make(file.size(), effort);
    for (std::size_t at = 0; at < file.size(); at += piece) {
        test::value_of(scanner->feed(file.substr(at, piece)));
    }
    return test::value_of(scanner->finish());
}

ExecutableFacts facts_of(const walk::ScanResult& result) {
    REQUIRE_FALSE(result.incomplete);
    return result.facts.empty() ? ExecutableFacts()
                                : test::value_of(sbom::decode_executable_facts(result.facts));
}

ExecutableFacts facts_of(ByteView file) {
    return facts_of(scan(file));
}

bool recognises(ByteView file) {
    return sbom::executable_scanner().recognises(file.substr(0, walk::kScanHeadBytes));
}

/// Go's build information before 1.18: the addresses of two strings in another segment.
std::string old_go_program(bool is_64_bit, bool is_big_endian, std::size_t padding) {
    ElfBuilder elf;
    elf.is_64_bit = is_64_bit;
    elf.is_big_endian = is_big_endian;
    elf.machine = is_big_endian ? 8 : (is_64_bit ? 62 : 3);
    const std::string version = "go1.17.13";
    const std::string modules = test::go_framed(kModules);
    elf.segment(test::kRead, 0x40000, std::string(padding, 'c') + version + modules);
    elf.segment(test::kRead | test::kWrite, 0x80000, "");
    const auto texts = elf.address_of(0) + padding;
    const auto data = elf.address_of(1);
    const std::size_t pointer = is_64_bit ? 8 : 4;
    ElfBuilder whole;
    whole.is_64_bit = is_64_bit;
    whole.is_big_endian = is_big_endian;
    whole.machine = elf.machine;
    std::string info(test::kGoInfoMagic);
    info += static_cast<char>(pointer);
    info += is_big_endian ? '\1' : '\0';
    info += elf.pointer(data + 32) + elf.pointer(data + 32 + 2 * pointer);
    info.resize(32, '\0');
    info += elf.pointer(texts) + elf.pointer(version.size());
    info += elf.pointer(texts + version.size()) + elf.pointer(modules.size());
    whole.segment(test::kRead, 0x40000, std::string(padding, 'c') + version + modules);
    whole.segment(test::kRead | test::kWrite, 0x80000, info);
    whole.section_in_segment(".go.buildinfo", 1, 0, 32);
    return whole.build();
}

} // namespace

TEST_CASE("executable: programs and libraries are recognised, object files and cores are not",
          "[sbom][executable]") {
    const auto [type, expected] = GENERATE(table<std::uint16_t, bool>(
        {{1, false}, {2, true}, {3, true}, {4, false}, {0, false}, {0x200, false}}));
    const bool wide = GENERATE(true, false);
    const bool big = GENERATE(true, false);
    ElfBuilder elf;
    elf.type = type;
    elf.is_64_bit = wide;
    elf.is_big_endian = big;
    elf.segment(test::kRead, 0, std::string(100, 'x'));
    CAPTURE(type, wide, big);
    CHECK(recognises(elf.build()) == expected);
    CHECK_FALSE(recognises("#!/bin/sh\n" + std::string(100, ' ')));
}

TEST_CASE("executable: Go's build information is found at every size of file and piece",
          "[sbom][executable]") {
    const std::size_t padding = GENERATE(0U, 10'000U, kLarge);
    const std::size_t piece = GENERATE(7U, 4096U, 10'000'000U);
    const std::string info = test::go_inline_info("go1.22.3", kModules);
    ElfBuilder elf;
    elf.segment(test::kRead | test::kExec, 0x400000, std::string(padding, 'c'));
    elf.segment(test::kRead | test::kWrite, 0x500000, std::string(48, 'd') + info);
    elf.section_in_segment(".go.buildinfo", 1, 48, info.size());
    const auto facts = facts_of(scan(elf.build(), ScanEffort::streaming, piece));
    CHECK(facts.go_version == "go1.22.3");
    CHECK(facts.go_modules == kModules);
    CHECK(facts.go_problem.empty());
    CHECK(facts.architecture == "amd64");
}

TEST_CASE("executable: without sections the first writable segment is searched",
          "[sbom][executable]") {
    const std::size_t padding = GENERATE(0U, kLarge);
    auto elf = test::go_program("go1.22.3", kModules);
    elf.segment(test::kRead, 0x800000, std::string(padding, 'r'));
    CHECK(facts_of(elf.build(false)).go_modules == kModules);
}

TEST_CASE("executable: a magic in data that is only read is no build information",
          "[sbom][executable]") {
    const std::size_t padding = GENERATE(0U, kLarge);
    const bool with_sections = GENERATE(true, false);
    ElfBuilder elf;
    elf.segment(test::kRead, 0x400000, test::go_inline_info("go1.22.3", kModules));
    elf.segment(test::kRead | test::kWrite, 0x500000, std::string(padding + 64, 'd'));
    elf.section_in_segment(".rodata", 0, 0, 64).section_in_segment(".data", 1, 0, 64);
    CHECK(scan(elf.build(with_sections)).facts.empty());
}

TEST_CASE("executable: a magic at an address that is not aligned is no build information",
          "[sbom][executable]") {
    ElfBuilder elf;
    elf.segment(test::kRead | test::kWrite,
                0x500000,
                std::string(8, 'd') + test::go_inline_info("go1.22.3", kModules));
    CHECK(facts_of(elf.build()).is_empty());
    ElfBuilder moved; // the address counts, not the place in the file
    moved.segment(test::kRead | test::kWrite,
                  0x500008,
                  std::string(8, 'd') + test::go_inline_info("go1.22.3", kModules));
    CHECK(facts_of(moved.build()).go_version == "go1.22.3");
}

TEST_CASE("executable: the section decides over an earlier magic in the data",
          "[sbom][executable]") {
    const std::size_t padding = GENERATE(0U, kLarge);
    const std::string decoy = test::go_inline_info("go1.1", "dep\tdecoy\tv1\t\n");
    const std::string info = test::go_inline_info("go1.22.3", kModules);
    std::string data = decoy;
    data.resize(256, 'd');
    ElfBuilder elf;
    elf.segment(test::kRead | test::kExec, 0x400000, std::string(padding, 'c'));
    elf.segment(test::kRead | test::kWrite, 0x500000, data + info);
    elf.section_in_segment(".go.buildinfo", 1, 256, info.size());
    const auto passing = scan(elf.build());
    CHECK(passing.incomplete == (padding == kLarge)); // only the first one was kept
    CHECK(facts_of(scan(elf.build(), ScanEffort::thorough)).go_version == "go1.22.3");
}

TEST_CASE("executable: Go before 1.18 points to its texts, in every class and byte order",
          "[sbom][executable]") {
    const bool wide = GENERATE(true, false);
    const bool big = GENERATE(true, false);
    const auto facts = facts_of(old_go_program(wide, big, 0));
    CHECK(facts.go_version == "go1.17.13");
    CHECK(facts.go_modules == kModules);
    CHECK(facts.go_problem.empty());
}

TEST_CASE("executable: a large program of an old Go is looked at twice", "[sbom][executable]") {
    const std::size_t padding = GENERATE(kLarge, 6'000'000U); // in memory, on disk
    const auto file = old_go_program(true, false, padding);
    const auto passing = scan(file);
    CHECK(passing.incomplete);
    CHECK(passing.facts.empty());
    const auto facts = facts_of(scan(file, ScanEffort::thorough));
    CHECK(facts.go_version == "go1.17.13");
    CHECK(facts.go_modules == kModules);
}

TEST_CASE("executable: the crates of a Rust program are inflated", "[sbom][executable]") {
    const std::size_t padding = GENERATE(0U, kLarge);
    auto elf = test::rust_program(kCrates);
    elf.segment(test::kRead, 0x800000, std::string(padding, 'r'));
    const auto facts = facts_of(elf.build());
    CHECK(facts.rust_crates == kCrates);
    CHECK(facts.rust_problem.empty());
    CHECK(facts.go_version.empty());
}

TEST_CASE("executable: crates behind much debug information need a second look",
          "[sbom][executable]") {
    ElfBuilder elf;
    elf.segment(test::kRead | test::kExec, 0, "code");
    elf.section(".debug_info", std::string(kLarge, 'i'));
    elf.section(".dep-v0", test::zlib_stored(kCrates));
    const auto file = elf.build();
    CHECK(scan(file).incomplete);
    CHECK(facts_of(scan(file, ScanEffort::thorough)).rust_crates == kCrates);
}

TEST_CASE("executable: a list of crates in a loaded segment is found on a second look",
          "[sbom][executable]") {
    const std::string stream = test::zlib_stored(kCrates);
    ElfBuilder elf;
    elf.segment(test::kRead, 0, std::string(kLarge, 'r') + stream);
    elf.section_in_segment(".dep-v0", 0, kLarge, stream.size());
    const auto file = elf.build();
    CHECK(scan(file).incomplete);
    CHECK(facts_of(scan(file, ScanEffort::thorough)).rust_crates == kCrates);
}

TEST_CASE("executable: a large program with nothing to say is not looked at twice",
          "[sbom][executable]") {
    ElfBuilder elf;
    elf.segment(test::kRead | test::kExec, 0, std::string(kLarge, 'c'));
    elf.segment(test::kRead | test::kWrite, 0x1000, std::string(1000, 'd'));
    elf.section(".comment", "a compiler").section(".debug_str", std::string(kLarge, 's'));
    SECTION("its section names stand before the section headers") {}
    SECTION("its section names stand before a large table of symbol names") {
        elf.behind_names = std::string(kLarge, 'n');
    }
    const auto result = scan(elf.build(), ScanEffort::streaming, 4099);
    CHECK_FALSE(result.incomplete);
    CHECK(result.facts.empty());
}

TEST_CASE("executable: a tool that appends segments does not hide what stands before them",
          "[sbom][executable][regression]") {
    ElfBuilder elf;
    elf.segment(test::kRead | test::kExec, 0, std::string(kLarge, 'c'));
    elf.segment(test::kRead | test::kWrite, 0x1000, std::string(1000, 'd'));
    const bool has_crates = GENERATE(false, true);
    if (has_crates) {
        elf.section(".dep-v0", test::zlib_stored(kCrates));
    }
    elf.behind_names = std::string(kLarge, 'n');
    auto file = elf.build();
    // The offset in the second program header, of 64-bit headers.
    for (unsigned i = 0; i < 8; ++i) {
        file[64 + 56 + 8 + i] = static_cast<char>(file.size() >> (8 * i));
    }
    file += std::string(1000, 'd');
    const auto result = scan(file, ScanEffort::streaming, 4099);
    CHECK_FALSE(result.incomplete);
    CHECK(result.facts.empty() != has_crates);
    CHECK(result.facts == scan(file, ScanEffort::thorough).facts);
}

TEST_CASE("executable: both looks give the same facts", "[sbom][executable]") {
    const std::size_t padding = GENERATE(0U, kLarge, 6'000'000U);
    auto elf = test::go_program("go1.22.3", kModules);
    elf.section(".dep-v0", test::zlib_stored(kCrates));
    elf.segment(test::kRead, 0x800000, std::string(padding, 'r'));
    const auto file = elf.build();
    CHECK(scan(file).facts == scan(file, ScanEffort::thorough).facts);
    CHECK(facts_of(file).go_version == "go1.22.3");
    CHECK(facts_of(file).rust_crates == kCrates);
}

TEST_CASE("executable: what is wrong with a claimed list is a problem, not silence",
          "[sbom][executable]") {
    auto stream = test::zlib_stored(kCrates);
    SECTION("no zlib stream") {
        stream = "nothing of the kind";
    }
    SECTION("cut short") {
        stream.pop_back();
    }
    SECTION("a wrong checksum") {
        stream.back() = static_cast<char>(stream.back() ^ 1);
    }
    SECTION("empty") {
        stream.clear();
    }
    SECTION("a bomb") {
        stream = test::zlib_stored(std::string(4'194'305, '['));
    }
    const auto file = ElfBuilder().section(".dep-v0", stream).build();
    const auto facts = facts_of(scan(file, ScanEffort::thorough));
    CHECK_THAT(facts.rust_problem, Catch::Contains(".dep-v0"));
    CHECK(facts.rust_crates.empty());
}

TEST_CASE("executable: a second list of crates behind the first is not passed over in silence",
          "[sbom][executable]") {
    const auto twice = test::zlib_stored(kCrates) + test::zlib_stored(kCrates);
    const auto facts = facts_of(ElfBuilder().section(".dep-v0", twice).build());
    CHECK(facts.rust_crates == kCrates);
    CHECK_THAT(facts.rust_problem, Catch::Contains("not read"));
}

TEST_CASE("executable: a section that has no bytes in the file claims nothing",
          "[sbom][executable]") {
    ElfBuilder elf; // as in a separate debug file
    elf.segment(test::kRead | test::kWrite, 0, "data");
    elf.section_in_segment(".go.buildinfo", 0, 0, 4, 8).section(".dep-v0", "", 8);
    CHECK(facts_of(elf.build()).is_empty());
}

TEST_CASE("executable: damaged build information in its own section is a problem",
          "[sbom][executable]") {
    std::string info(test::kGoInfoMagic);
    info += '\x08';
    info += '\x02';
    info.resize(32, '\0');
    SECTION("nothing follows the magic") {}
    SECTION("an empty version") {
        info += std::string(2, '\0');
    }
    SECTION("a length of 2^63") {
        info += std::string(9, '\x80') + '\x01';
    }
    SECTION("a length beyond 64 bits") {
        info += std::string(9, '\xff') + '\x02';
    }
    SECTION("a length without end") {
        info += std::string(10, '\xff');
    }
    SECTION("a version longer than the segment") {
        info += "\x7fgo1.22";
    }
    SECTION("modules longer than the segment") {
        info += std::string("\x04go1.\x7f") + "x";
    }
    SECTION("100 MB of modules") {
        info += "\x04go1.\x80\xc2\xd7\x2f";
    }
    SECTION("pointers of three bytes") {
        info[14] = '\x03';
        info[15] = '\x00';
    }
    SECTION("pointers to nowhere") {
        info.replace(15, 9, "\0\xff\xff\xff\xff\xff\xff\xff\x7f", 9);
    }
    SECTION("no magic") {
        info[0] = 'x';
    }
    ElfBuilder elf;
    elf.segment(test::kRead | test::kWrite, 0x500000, info);
    elf.section_in_segment(".go.buildinfo", 0, 0, info.size());
    const auto facts = facts_of(elf.build());
    CHECK_THAT(facts.go_problem, Catch::Contains(".go.buildinfo"));
    CHECK(facts.go_version.empty());
    // Without the section nobody claims that it is build information.
    CHECK(facts_of(elf.build(false)).is_empty());
}

TEST_CASE("executable: cut short or changed anywhere it gives an answer", "[sbom][executable]") {
    auto elf = test::go_program("go1.22.3", kModules);
    elf.section(".dep-v0", test::zlib_stored(kCrates));
    const auto whole = elf.build();
    for (std::size_t size = 0; size < whole.size(); ++size) {
        REQUIRE_FALSE(scan(whole.substr(0, size)).incomplete); // small files are kept whole
    }
    for (std::size_t i = 0; i < whole.size(); ++i) {
        auto changed = whole;
        changed[i] = '\xff';
        REQUIRE_FALSE(scan(changed, ScanEffort::thorough).incomplete);
    }
}

TEST_CASE("executable: absurd headers are answered in both looks", "[sbom][executable]") {
    auto elf = test::go_program("go1.22.3", kModules);
    elf.segment(test::kRead, 0x800000, std::string(kLarge, 'r'));
    auto file = elf.build();
    const auto put = [&](std::size_t at, std::uint64_t value, std::size_t size) {
        file.replace(at, size, elf.number(value, size));
    };
    bool has_go = true;
    SECTION("sections beyond the end") {
        put(40, file.size() + 1, 8); // then there are none, and the segment is searched
    }
    SECTION("sections at 2^64 - 1") {
        put(40, ~std::uint64_t{0}, 8);
    }
    SECTION("2^32 sections") {
        put(60, 0, 2);
        put(file.size() - 3 * 64 + 32, std::uint64_t{1} << 32U, 8);
    }
    SECTION("a table of names that is not there") {
        put(62, 900, 2);
    }
    SECTION("a segment of 2^64 - 1 bytes") {
        put(64 + 56 + 32, ~std::uint64_t{0}, 8);
    }
    SECTION("a segment that begins beyond the end") {
        put(64 + 56 + 8, std::uint64_t{1} << 62U, 8);
        has_go = false;
    }
    SECTION("segments that lie over each other") {
        put(64 + 8, 0, 8);
    }
    SECTION("65535 segments") {
        put(56, 65535, 2);
        has_go = false;
    }
    const auto passing = scan(file);
    const auto thorough = facts_of(scan(file, ScanEffort::thorough));
    CHECK((thorough.go_version == "go1.22.3") == has_go);
    if (!passing.incomplete) {
        CHECK(facts_of(passing).go_version == thorough.go_version);
    }
}

TEST_CASE("executable: facts that are cut short or too long are refused", "[sbom][executable]") {
    const auto bytes = scan(test::go_program("go1.22.3", kModules).build()).facts;
    for (std::size_t size = 0; size < bytes.size(); ++size) {
        REQUIRE(
            test::error_of(sbom::decode_executable_facts(ByteView(bytes).substr(0, size))).code ==
            ErrorCode::malformed);
    }
    CHECK(test::error_of(sbom::decode_executable_facts(bytes + "x")).code == ErrorCode::malformed);
}
