// SPDX-License-Identifier: Apache-2.0
#include "base/archive/zip_reader.hpp"
#include "base/core/limits.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/zip_builder.hpp"

#include <string>
#include <vector>

using namespace bulla;
using archive::InflateBudget;
using archive::ZipReader;
using test::ZipBuilder;
using test::ZipItem;

namespace {

bool everything(std::string_view /*name*/) {
    return true;
}

Result<Bytes> read_entry(const ZipReader& zip, const archive::ZipEntry& entry) {
    InflateBudget budget(limits::kMiB * 64);
    Bytes content;
    BULLA_TRY(zip.read(entry, budget, [&](ByteView piece) -> Result<bool> {
        content += piece;
        return true;
    }));
    return content;
}

/// "name=content" of every entry, in order; an entry that cannot be read is "name!code".
std::vector<std::string> listing(ByteView bytes) {
    const MemoryAccess source(bytes);
    const auto zip = test::value_of(ZipReader::open(source, everything));
    std::vector<std::string> list;
    for (const auto& entry : zip.entries()) {
        const auto content = read_entry(zip, entry);
        list.push_back(entry.name + (content ? "=" + *content
                                             : "!" + std::string(to_string(content.error().code))));
    }
    return list;
}

std::string refusal(ByteView bytes) {
    const MemoryAccess source(bytes);
    const auto error = test::error_of(ZipReader::open(source, everything));
    CHECK((error.code == ErrorCode::malformed || error.code == ErrorCode::limit_exceeded));
    return error.message;
}

/// The message of the first entry's refusal.
std::string entry_refusal(const ZipItem& item) {
    const Bytes bytes = ZipBuilder().add(item).build();
    const MemoryAccess source(bytes);
    const auto zip = test::value_of(ZipReader::open(source, everything));
    return test::error_of(read_entry(zip, zip.entries().at(0))).message;
}

using Strings = std::vector<std::string>;
using Catch::Matchers::Contains;

} // namespace

TEST_CASE("zip: stored and deflated entries are read, and an empty archive has none",
          "[base][zip]") {
    const Bytes large(100'000, 'x');
    CHECK(listing(ZipBuilder().add("a/", "").add("a/b", "1").add_deflated("c", large).build()) ==
          Strings{"a/=", "a/b=1", "c=" + large});
    CHECK(listing(ZipBuilder().build()).empty());
    const Bytes run(test::length_of_run(3), 'a');
    CHECK(listing(ZipBuilder()
                      .add({.name = "r", .content = run, .deflated = test::deflate_run(3)})
                      .build()) == Strings{"r=" + run});
}

TEST_CASE("zip: only wanted entries are kept", "[base][zip]") {
    const Bytes bytes = ZipBuilder().add("a", "1").add("b", "2").build();
    const MemoryAccess source(bytes);
    const auto zip =
        test::value_of(ZipReader::open(source, [](std::string_view name) { return name == "b"; }));
    REQUIRE(zip.entries().size() == 1);
    CHECK(zip.entries()[0].name == "b");
}

TEST_CASE("zip: an archive behind a script is read, whether its offsets count the script or not",
          "[base][zip]") {
    for (const bool counts : {false, true}) {
        CHECK(listing(ZipBuilder().add("a", "1").add_deflated("b", "2").build(
                  {.prefix = "#!/bin/sh\nexec java -jar \"$0\"\n", .counts_prefix = counts})) ==
              Strings{"a=1", "b=2"});
    }
}

TEST_CASE("zip: comments of any length and bytes after the end are passed over", "[base][zip]") {
    const auto zip = ZipBuilder().add("a", "1");
    for (const std::size_t size : {1U, 20'000U, 65'535U}) {
        CHECK(listing(zip.build({.comment = std::string(size, 'c')})) == Strings{"a=1"});
    }
    CHECK(listing(zip.build({.suffix = Bytes(10, '\0')})) == Strings{"a=1"});
}

TEST_CASE("zip: zip64 records count where they stand, and must not contradict the old ones",
          "[base][zip]") {
    const auto zip = ZipBuilder().add("a", "1").add("b", "2");
    CHECK(listing(zip.build({.zip64 = true})) == Strings{"a=1", "b=2"});
    CHECK(listing(zip.build({.prefix = "#!", .zip64 = true})) == Strings{"a=1", "b=2"});
    CHECK_THAT(refusal(zip.build({.zip64 = true, .zip64_records = 3})), Contains("announces 3"));
    CHECK_THAT(refusal(zip.build({.zip64 = true, .zip64_records = 65'538})),
               Contains("announces 65538"));
    CHECK_THAT(refusal(zip.build({.records = 1, .zip64 = true})), Contains("contradicts"));
    CHECK_THAT(refusal(zip.build({.directory_offset = 7, .zip64 = true})), Contains("contradicts"));
}

TEST_CASE("zip: sizes in a zip64 field are used, and a missing field is refused", "[base][zip]") {
    const Bytes field("\x01\x00\x08\x00\x01\x00\x00\x00\x00\x00\x00\x00", 12);
    CHECK(listing(ZipBuilder()
                      .add({.name = "a", .content = "1", .size = 0xFFFFFFFF, .extra = field})
                      .build()) == Strings{"a=1"});
    CHECK_THAT(refusal(ZipBuilder().add({.name = "a", .content = "1", .size = 0xFFFFFFFF}).build()),
               Contains("zip64 field"));
    CHECK_THAT(refusal(ZipBuilder()
                           .add({.name = "a",
                                 .content = "1",
                                 .size = 0xFFFFFFFF,
                                 .compressed_size = 0xFFFFFFFF,
                                 .extra = field})
                           .build()),
               Contains("too short"));
    const Bytes lie("\x01\x00\x08\x00\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF", 12);
    for (const bool offset : {false, true}) {
        ZipItem item{.name = "a", .content = "1", .extra = lie};
        (offset ? item.offset : item.compressed_size) = 0xFFFFFFFF;
        CHECK_THAT(refusal(ZipBuilder().add(item).build()), Contains("lies outside"));
    }
}

TEST_CASE("zip: of several entries with one name the last counts", "[base][zip]") {
    CHECK(listing(ZipBuilder().add("a", "1").add("b", "2").add("a", "3").build()) ==
          Strings{"a=3", "b=2"});
}

TEST_CASE("zip: an archive cut anywhere is refused", "[base][zip]") {
    const Bytes whole =
        ZipBuilder().add("a", "content").add_deflated("b", "more").build({.comment = "end"});
    // A comment cut short costs nothing but itself.
    CHECK(listing(ByteView(whole).substr(0, whole.size() - 1)).size() == 2);
    for (std::size_t size = 0; size < whole.size() - 3; ++size) {
        INFO(size);
        CHECK_FALSE(refusal(ByteView(whole).substr(0, size)).empty());
    }
}

TEST_CASE("zip: a comment that holds another end record is refused", "[base][zip]") {
    const Bytes hidden = ZipBuilder().add("hidden", "1").build();
    const Bytes end = hidden.substr(hidden.size() - 22);
    const auto zip = ZipBuilder().add("shown", "1");
    CHECK_THAT(
        refusal(zip.build({.comment = "x" + end.substr(0, 20) + "\x01" + Bytes(1, '\0') + "y"})),
        Contains("another end record"));
}

TEST_CASE("zip: a number of records that is not the announced one is refused", "[base][zip]") {
    const auto zip = ZipBuilder().add("a", "1").add("b", "2");
    CHECK_THAT(refusal(zip.build({.records = 1})), Contains("announces 1 entries and has 2"));
    CHECK_THAT(refusal(zip.build({.records = 3})), Contains("announces 3 entries and has 2"));
}

TEST_CASE("zip: a directory that is not where it is said to be is refused", "[base][zip]") {
    const auto zip = ZipBuilder().add("a", "1");
    CHECK_THAT(refusal(zip.build({.directory_size = 0x7FFFFFFF})), Contains("lies outside"));
    CHECK_THAT(refusal(zip.build({.directory_offset = 0x7FFFFFFF})), Contains("lies outside"));
    CHECK_THAT(refusal(zip.build({.directory_size = 40})), Contains("inside a record"));
}

TEST_CASE("zip: entries that share bytes are refused", "[base][zip]") {
    // Both records lead to the same local header.
    CHECK_THAT(
        refusal(ZipBuilder().add("a", "1").add({.name = "a", .content = "1", .offset = 0}).build()),
        Contains("overlap"));
    // The first one's data runs over the second's header.
    CHECK_THAT(refusal(ZipBuilder()
                           .add({.name = "a", .content = "1", .compressed_size = 20})
                           .add("b", "2")
                           .build()),
               Contains("overlap"));
    CHECK_THAT(
        refusal(ZipBuilder().add({.name = "a", .content = "1", .compressed_size = 200}).build()),
        Contains("lies outside"));
    CHECK_THAT(refusal(ZipBuilder().add({.name = "a", .content = "1", .offset = 1000}).build()),
               Contains("lies outside"));
}

TEST_CASE("zip: an entry whose local extra field reaches over what follows is refused",
          "[base][zip]") {
    // The directory knows nothing of local extra fields, so its records do not overlap.
    Bytes bytes = ZipBuilder().add("a", "1").add("b", "2").build();
    bytes[28] = 40;
    CHECK(listing(bytes) == Strings{"a!malformed", "b=2"});
}

TEST_CASE("zip: an entry whose local header tells another story is refused", "[base][zip]") {
    CHECK_THAT(entry_refusal({.name = "a", .content = "1", .local_name = "b"}),
               Contains("another name"));
    CHECK_THAT(entry_refusal({.name = "a", .content = "1", .local_name = "aa"}),
               Contains("another name"));
    CHECK_THAT(entry_refusal({.name = "a", .content = "1", .local_method = 8}),
               Contains("another method"));
    Bytes headless = ZipBuilder().add("a", "1").build();
    headless[0] = 'X';
    CHECK(listing(headless) == Strings{"a!malformed"});
}

TEST_CASE("zip: content that is not what the directory says is refused", "[base][zip]") {
    const Bytes deflated = test::deflate_stored("12345");
    CHECK_THAT(entry_refusal({.name = "a", .content = "1", .crc32 = 7}), Contains("CRC-32"));
    CHECK_THAT(entry_refusal({.name = "a", .content = "12345", .deflated = deflated, .crc32 = 7}),
               Contains("CRC-32"));
    CHECK_THAT(entry_refusal({.name = "a", .content = "12345", .deflated = deflated, .size = 4}),
               Contains("more bytes"));
    CHECK_THAT(entry_refusal({.name = "a", .content = "12345", .deflated = deflated, .size = 6}),
               Contains("fewer bytes"));
    CHECK_THAT(entry_refusal({.name = "a", .content = "12345", .size = 4}), Contains("two sizes"));
    CHECK_THAT(entry_refusal({.name = "a", .content = "12345", .deflated = deflated + "x"}),
               Contains("after the end"));
    CHECK_THAT(
        entry_refusal(
            {.name = "a", .content = "12345", .deflated = deflated.substr(0, deflated.size() - 1)}),
        Contains("before it is complete"));
    CHECK_THAT(entry_refusal({.name = "a", .content = "1", .deflated = Bytes("\x07", 1)}),
               Contains("damaged"));
}

TEST_CASE("zip: encrypted entries and other methods are reported, the others are read",
          "[base][zip]") {
    CHECK(listing(ZipBuilder()
                      .add({.name = "a", .content = "1", .flags = 1})
                      .add({.name = "b", .content = "1", .method = 12})
                      .add("c", "2")
                      .build()) == Strings{"a!unsupported", "b!unsupported", "c=2"});
}

TEST_CASE("zip: an entry that inflates beyond any real ratio is given up", "[base][zip]") {
    const std::size_t copies = 20'000; // 5 MB out of 32 KB
    const Bytes content(test::length_of_run(copies), 'a');
    CHECK_THAT(
        entry_refusal({.name = "a", .content = content, .deflated = test::deflate_run(copies)}),
        Contains("inflates to more"));
    const std::size_t small = 2'000; // half a MB: documents of blanks are that
    const Bytes honest(test::length_of_run(small), 'a');
    CHECK(listing(ZipBuilder()
                      .add({.name = "a", .content = honest, .deflated = test::deflate_run(small)})
                      .build()) == Strings{"a=" + honest});
}

TEST_CASE("zip: what is inflated is charged to the budget, over all entries", "[base][zip]") {
    const Bytes bytes = ZipBuilder().add_deflated("a", "12345").add_deflated("b", "12345").build();
    const MemoryAccess source(bytes);
    const auto zip = test::value_of(ZipReader::open(source, everything));
    const auto swallow = [](ByteView) -> Result<bool> { return true; };
    InflateBudget budget(9);
    CHECK(zip.read(zip.entries()[0], budget, swallow));
    CHECK(test::error_of(zip.read(zip.entries()[1], budget, swallow)).code ==
          ErrorCode::limit_exceeded);
}

TEST_CASE("zip: a sink may stop, and an error of its own comes back", "[base][zip]") {
    const Bytes bytes = ZipBuilder().add_deflated("a", Bytes(200'000, 'x')).build();
    const MemoryAccess source(bytes);
    const auto zip = test::value_of(ZipReader::open(source, everything));
    InflateBudget budget(limits::kMiB);
    std::size_t seen = 0;
    CHECK(zip.read(zip.entries()[0], budget, [&](ByteView piece) -> Result<bool> {
        seen += piece.size();
        return false;
    }));
    CHECK((seen > 0 && seen < 200'000));
    CHECK(test::error_of(zip.read(zip.entries()[0], budget, [](ByteView) -> Result<bool> {
              return Error{ErrorCode::io, "full"};
          })).code == ErrorCode::io);
}

TEST_CASE("zip: a name longer than a path is refused", "[base][zip]") {
    CHECK(listing(ZipBuilder().add(std::string(limits::kPathBytes, 'n'), "1").build()).size() == 1);
    CHECK_THAT(refusal(ZipBuilder().add(std::string(limits::kPathBytes + 1, 'n'), "1").build()),
               Contains("names of at most"));
}
