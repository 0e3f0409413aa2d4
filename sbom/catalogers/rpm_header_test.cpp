// SPDX-License-Identifier: Apache-2.0
#include "base/core/limits.hpp"
#include "sbom/catalogers/rpm_header.hpp"
#include "sbom/catalogers/rpm_test_support.hpp"
#include "sbom/catalogers/test_support.hpp"

using namespace bulla;
using sbom::RpmHeader;
using sbom::RpmTag;
using test::RpmHeaderBuilder;
using test::Strings;

namespace {
constexpr std::uint32_t kText = 6;
constexpr std::uint32_t kBinary = 7;
constexpr std::uint32_t kTextArray = 8;
constexpr std::uint32_t kTranslated = 9;

std::string refusal_of(ByteView bytes) {
    return test::error_of(RpmHeader::parse(bytes)).message;
}

/// A header of one entry.
Bytes one(std::uint32_t tag,
          std::uint32_t type,
          std::uint32_t offset,
          std::uint32_t count,
          const Bytes& store) {
    return RpmHeaderBuilder::header_of(
        test::be32(tag) + test::be32(type) + test::be32(offset) + test::be32(count), store);
}

Strings all_of(sbom::RpmTexts texts) {
    Strings found;
    while (const auto text = texts.next()) {
        found.emplace_back(*text);
    }
    return found;
}
} // namespace

TEST_CASE("rpm header: texts and numbers of all types", "[sbom][rpm]") {
    RpmHeaderBuilder builder;
    builder.text(RpmTag::name, "n")
        .texts(RpmTag::provide_name, {"p", "", "q"})
        .numbers(RpmTag::require_flags, {1, 0xFFFFFFFF})
        .entry(5009, 5, 1, test::big_endian<std::uint64_t>(0x100000000))
        .entry(1003, 3, 1, Bytes("\0\7", 2))
        .entry(1004, kTranslated, 2, Bytes("first\0second\0", 13));
    for (const Bytes& bytes : {builder.build(), builder.build_signed()}) {
        const RpmHeader header = test::value_of(RpmHeader::parse(bytes));
        CHECK(header.text(RpmTag::name) == "n");
        CHECK(header.text(RpmTag::summary) == "first");
        CHECK(header.text(RpmTag::version).empty());
        CHECK(all_of(header.texts(RpmTag::provide_name)) == Strings{"p", "", "q"});
        CHECK(header.numbers(RpmTag::require_flags).at(1) == 0xFFFFFFFFU);
        CHECK(header.numbers(RpmTag::require_flags).at(2) == std::nullopt);
        CHECK(header.number(RpmTag::long_size) == 0x100000000U);
        CHECK(header.number(RpmTag::epoch) == 7U);
        CHECK(header.number(RpmTag::name) == std::nullopt);
        CHECK(header.text(RpmTag::epoch).empty());
    }
}

TEST_CASE("rpm header: what was added after signing replaces what was signed", "[sbom][rpm]") {
    const auto header = [](const Bytes& bytes) { return test::value_of(RpmHeader::parse(bytes)); };
    const Bytes twice =
        RpmHeaderBuilder().text(RpmTag::vendor, "old").text(RpmTag::vendor, "new").build();
    CHECK(header(twice).text(RpmTag::vendor) == "new");
}

TEST_CASE("rpm header: files have their folders", "[sbom][rpm]") {
    const Bytes bytes = RpmHeaderBuilder()
                            .texts(RpmTag::base_names, {"x", "y", "z"})
                            .texts(RpmTag::directory_names, {"/a/", "/b/"})
                            .numbers(RpmTag::directory_indexes, {1, 0, 1})
                            .build();
    Strings files;
    test::value_of(RpmHeader::parse(bytes))
        .for_each_file([&](std::string_view folder, std::string_view name) {
            files.push_back(std::string(folder) + std::string(name));
        });
    CHECK(files == Strings{"/b/x", "/a/y", "/b/z"});
}

TEST_CASE("rpm header: a file without a folder is refused", "[sbom][rpm]") {
    const auto files = [](const std::vector<std::uint32_t>& indexes) {
        return RpmHeaderBuilder()
            .texts(RpmTag::base_names, {"x", "y"})
            .texts(RpmTag::directory_names, {"/a/"})
            .numbers(RpmTag::directory_indexes, indexes)
            .build();
    };
    CHECK(RpmHeader::parse(files({0, 0})));
    CHECK(refusal_of(files({0, 1})) == "a header puts a file into folder 1 of 1");
    CHECK(refusal_of(files({0, 0xFFFFFFFF})) == "a header puts a file into folder 4294967295 of 1");
    CHECK(refusal_of(files({0})) == "a header does not tell the folder of each of its files");
    CHECK(refusal_of(RpmHeaderBuilder().texts(RpmTag::base_names, {"x"}).build()) ==
          "a header does not tell the folder of each of its files");
}

TEST_CASE("rpm header: counts that are not those of the bytes are refused", "[sbom][rpm]") {
    const Bytes whole = RpmHeaderBuilder().text(RpmTag::name, "n").build();
    REQUIRE(RpmHeader::parse(whole));
    for (std::size_t size = 0; size < whole.size(); ++size) {
        CHECK_FALSE(RpmHeader::parse(ByteView(whole).substr(0, size)));
    }
    CHECK_FALSE(RpmHeader::parse(whole + "x"));
    Bytes wide = whole;
    test::put(wide, 4, test::be32(0xFFFFFFFF));
    CHECK_FALSE(RpmHeader::parse(wide));
}

TEST_CASE("rpm header: limits hold before anything is looked at", "[sbom][rpm]") {
    Bytes entries = RpmHeaderBuilder().text(RpmTag::name, "n").build();
    test::put(entries, 0, test::be32(limits::kRpmHeaderEntries + 1));
    CHECK(test::error_of(RpmHeader::parse(entries)).code == ErrorCode::limit_exceeded);
    CHECK(test::error_of(RpmHeader::parse(Bytes(limits::kRpmHeaderBytes + 1, '\0'))).code ==
          ErrorCode::limit_exceeded);
    const Bytes items = one(1048, 4, 0, limits::kRpmArrayItems + 1, Bytes(8, '\0'));
    CHECK(test::error_of(RpmHeader::parse(items)).code == ErrorCode::limit_exceeded);
}

TEST_CASE("rpm header: an entry outside the store is refused", "[sbom][rpm]") {
    const Bytes store("name\0", 5);
    CHECK(RpmHeader::parse(one(1000, kText, 0, 1, store)));
    CHECK(refusal_of(one(1000, kText, 6, 1, store)) == "tag 1000 of a header lies outside it");
    CHECK(refusal_of(one(1000, kText, 0x80000000, 1, store)) ==
          "tag 1000 of a header lies outside it");
    CHECK(refusal_of(one(1000, kText, 0xFFFFFFFF, 1, store)) ==
          "tag 1000 of a header lies outside it");
    CHECK(refusal_of(one(1003, 4, 2, 1, store)) == "tag 1003 of a header lies outside it");
    CHECK(refusal_of(one(1003, 4, 0, 2, store)) == "tag 1003 of a header lies outside it");
    CHECK(refusal_of(one(1003, kBinary, 0, 0xFFFFFFFF, store)) ==
          "tag 1003 of a header lies outside it");
    CHECK(refusal_of(one(1000, kText, 0, 0, store)) == "tag 1000 of a header lies outside it");
}

TEST_CASE("rpm header: a text without an end is refused", "[sbom][rpm]") {
    CHECK(refusal_of(one(1000, kText, 0, 1, "name")) ==
          "tag 1000 of a header has a text without an end");
    CHECK(refusal_of(one(1117, kTextArray, 0, 2, Bytes("a\0b", 3))) ==
          "tag 1117 of a header has a text without an end");
    CHECK(refusal_of(one(1000, kText, 0, 2, Bytes("a\0b\0", 4))) ==
          "tag 1000 of a header is one text and says it is several");
}

TEST_CASE("rpm header: unknown types and tags are refused", "[sbom][rpm]") {
    CHECK(refusal_of(one(1000, 10, 0, 1, "name")) ==
          "tag 1000 of a header has the unknown type 10");
    CHECK(refusal_of(one(99, kBinary, 0, 1, "name")) == "tag 99 of a header is not known");
    CHECK(refusal_of(one(0, kBinary, 0, 1, "name")) == "tag 0 of a header is not known");
}

TEST_CASE("rpm header: entries that share bytes are refused", "[sbom][rpm]") {
    const auto entry = [](std::uint32_t tag) {
        return test::be32(tag) + test::be32(kText) + test::be32(0) + test::be32(1);
    };
    CHECK(refusal_of(RpmHeaderBuilder::header_of(entry(1000) + entry(1001), Bytes("name\0", 5))) ==
          "tag 1001 of a header lies over others");
}

TEST_CASE("rpm header: a region has to end as it begins", "[sbom][rpm]") {
    const Bytes whole = RpmHeaderBuilder().text(RpmTag::name, "n").build_signed();
    REQUIRE(RpmHeader::parse(whole));
    const std::size_t trailer = whole.size() - 16;
    const auto with = [&](std::size_t at, const Bytes& bytes) {
        Bytes changed = whole;
        test::put(changed, at, bytes);
        return changed;
    };
    const std::string odd = "tag 63 of a header begins a region that does not end properly";
    CHECK(refusal_of(with(trailer, test::be32(1000))) == odd);
    CHECK(refusal_of(with(trailer + 4, test::be32(6))) == odd);
    CHECK(refusal_of(with(trailer + 8, test::be32(0))) == odd);
    CHECK(refusal_of(with(trailer + 8, test::be32(32))) == odd);
    CHECK(refusal_of(with(trailer + 8, test::be32(0 - 48U))) == odd);
    CHECK(refusal_of(with(trailer + 8, test::be32(0 - 31U))) == odd);
    CHECK(refusal_of(with(trailer + 12, test::be32(15))) == odd);
    CHECK(refusal_of(with(8 + 4, test::be32(1))) ==
          "tag 63 of a header is no beginning of a region");
    CHECK(refusal_of(with(8 + 12, test::be32(15))) ==
          "tag 63 of a header is no beginning of a region");
    CHECK(refusal_of(RpmHeaderBuilder()
                         .text(RpmTag::name, "n")
                         .entry(63, kBinary, 16, Bytes(16, '\0'))
                         .build()) ==
          "tag 63 of a header begins a region, and is not the first entry");
}
