// SPDX-License-Identifier: Apache-2.0
#include "base/archive/tar_walker.hpp"
#include "base/core/limits.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/tar_builder.hpp"

using namespace bulla;
using archive::TarEntry;
using archive::TarKind;
using test::TarBuilder;

namespace {

struct Seen {
    TarKind kind;
    std::string name;
    std::string link;
    std::uint64_t size;
    std::string content;

    friend bool operator==(const Seen&, const Seen&) = default;

    friend std::ostream& operator<<(std::ostream& out, const Seen& seen) {
        return out << static_cast<int>(seen.kind) << " " << seen.name << " -> " << seen.link << " "
                   << seen.size << " [" << seen.content << "]";
    }
};

/// Remembers everything; asks for the content of files below 1 MiB.
class Recorder final : public archive::TarVisitor {
  public:
    std::vector<Seen> entries;
    std::vector<std::string> notes;

    Result<archive::ContentWish> entry(const TarEntry& entry) override {
        entries.push_back(
            {entry.kind, std::string(entry.name), std::string(entry.link), entry.size, {}});
        return entry.size < limits::kMiB ? archive::ContentWish::deliver
                                         : archive::ContentWish::skip;
    }

    Status content(ByteView piece) override {
        entries.back().content += piece;
        return ok();
    }

    Status content_end() override { return ok(); }

    void note(std::string text) override { notes.push_back(std::move(text)); }
};

Result<Recorder> walk(std::string_view tar, std::size_t piece = 1'000'000) {
    Recorder recorder;
    archive::TarWalker walker(recorder);
    while (!tar.empty()) {
        const std::string block(tar.substr(0, piece)); // a copy, so that stale views are found
        tar.remove_prefix(block.size());
        BULLA_TRY(walker.feed(block));
    }
    BULLA_TRY(walker.finish());
    return recorder;
}

Seen file(std::string name, std::string content) {
    const auto size = content.size();
    return {TarKind::regular, std::move(name), "", size, std::move(content)};
}

using Entries = std::vector<Seen>;

Entries entries_of(std::string_view tar, std::size_t piece = 1'000'000) {
    return test::value_of(walk(tar, piece)).entries;
}

Error refusal(std::string_view tar) {
    return test::error_of(walk(tar));
}

} // namespace

namespace {

/// Looks at the head of every file and takes those that begin with "take".
class Peeker final : public archive::TarVisitor {
  public:
    std::vector<std::string> lines;

    Result<archive::ContentWish> entry(const TarEntry& entry) override {
        lines.push_back(std::string(entry.name));
        return archive::ContentWish::peek;
    }

    Result<archive::ContentWish> head(ByteView first) override {
        lines.back() += " head " + std::to_string(first.size());
        return first.starts_with("take") ? archive::ContentWish::deliver
                                         : archive::ContentWish::skip;
    }

    Status content(ByteView piece) override {
        content_ += piece;
        return ok();
    }

    Status content_end() override {
        lines.back() += " got " + std::exchange(content_, {});
        return ok();
    }

    void note(std::string) override {}

  private:
    Bytes content_;
};

std::vector<std::string> peeked(std::string_view tar, std::size_t piece) {
    Peeker peeker;
    archive::TarWalker walker(peeker);
    for (; !tar.empty(); tar.remove_prefix(std::min(piece, tar.size()))) {
        test::value_of(walker.feed(std::string(tar.substr(0, piece))));
    }
    test::value_of(walker.finish());
    return peeker.lines;
}

} // namespace

TEST_CASE("tar: the first bytes of a file decide about all of it, for any size of blocks",
          "[archive][tar]") {
    const auto tar = TarBuilder()
                         .directory("d/")
                         .file("short", "take me")
                         .file("other", "leave me")
                         .file("empty")
                         .file("long", "take" + std::string(1500, 'x'))
                         .file("left", "leave" + std::string(1500, 'x'))
                         .file("last", "take")
                         .finish();
    const auto piece = GENERATE(1U, 100U, 511U, 512U, 513U, 100'000U);
    CHECK(peeked(tar, piece) ==
          std::vector<std::string>{"d/",
                                   "short head 7 got take me",
                                   "other head 8",
                                   "empty",
                                   "long head 512 got take" + std::string(1500, 'x'),
                                   "left head 512",
                                   "last head 4 got take"});
}

TEST_CASE("tar: kinds, names and contents, for any size of blocks", "[archive][tar]") {
    const auto long_content = std::string(1500, 'x') + "end";
    const auto tar = TarBuilder()
                         .directory("usr/")
                         .file("usr/a", "hello")
                         .file("usr/empty")
                         .file("usr/long", long_content)
                         .symlink("usr/s", "../etc/a")
                         .hard_link("usr/h", "usr/a")
                         .raw(TarBuilder::header("dev/null", '3', 0))
                         .raw(TarBuilder::header("dev/sda", '4', 0))
                         .raw(TarBuilder::header("run/pipe", '6', 0))
                         .finish();
    const auto piece = GENERATE(1U, 100U, 511U, 512U, 513U, 100'000U);
    CHECK(entries_of(tar, piece) == Entries{{TarKind::directory, "usr/", "", 0, ""},
                                            file("usr/a", "hello"),
                                            file("usr/empty", ""),
                                            file("usr/long", long_content),
                                            {TarKind::symlink, "usr/s", "../etc/a", 0, ""},
                                            {TarKind::hard_link, "usr/h", "usr/a", 0, ""},
                                            {TarKind::character_device, "dev/null", "", 0, ""},
                                            {TarKind::block_device, "dev/sda", "", 0, ""},
                                            {TarKind::fifo, "run/pipe", "", 0, ""}});
}

TEST_CASE("tar: a ustar prefix stands before the name", "[archive][tar]") {
    auto header = TarBuilder::header("name", '0', 0);
    TarBuilder::put(header, 345, "some/prefix");
    CHECK(entries_of(TarBuilder().raw(TarBuilder::with_checksum(header)).finish()) ==
          Entries{file("some/prefix/name", "")});
}

TEST_CASE("tar: GNU headers have no prefix, unless Go before 1.8 wrote one", "[archive][tar]") {
    auto gnu = TarBuilder::header("name", '0', 0, {}, std::string_view("ustar  \0", 8));
    auto times = gnu;
    TarBuilder::put(times, 345, "00000000001");
    CHECK(entries_of(TarBuilder().raw(TarBuilder::with_checksum(times)).finish()) ==
          Entries{file("name", "")});
    TarBuilder::put(gnu, 345, "some/prefix");
    CHECK(entries_of(TarBuilder().raw(TarBuilder::with_checksum(gnu)).finish()) ==
          Entries{file("some/prefix/name", "")});
}

TEST_CASE("tar: pax records override name, link and size, also when they cross blocks",
          "[archive][tar]") {
    const std::string name = "d/" + std::string(700, 'n');
    const std::string target(600, 't');
    auto header = TarBuilder::header("short", '0', 0); // a size that does not fit is written as 0
    const auto tar = TarBuilder()
                         .pax({{"path", name}, {"size", "5"}, {"mtime", "1.5"}})
                         .raw(header)
                         .raw(TarBuilder::padded("hello"))
                         .pax({{"linkpath", target}})
                         .symlink("s", "short")
                         .file("after", "x")
                         .finish();
    const auto piece = GENERATE(1U, 300U, 100'000U);
    CHECK(entries_of(tar, piece) ==
          Entries{file(name, "hello"), {TarKind::symlink, "s", target, 0, ""}, file("after", "x")});
}

TEST_CASE("tar: of a pax keyword that occurs twice the last counts", "[archive][tar]") {
    const auto tar = TarBuilder().pax({{"path", "first"}, {"path", "last"}}).file("x").finish();
    CHECK(entries_of(tar) == Entries{file("last", "")});
}

TEST_CASE("tar: an empty pax path leaves the header's name", "[archive][tar]") {
    CHECK(entries_of(TarBuilder().pax({{"path", ""}}).file("x").finish()) ==
          Entries{file("x", "")});
}

TEST_CASE("tar: GNU long names and links", "[archive][tar]") {
    const std::string name(300, 'n');
    const std::string target(200, 't');
    const auto tar = TarBuilder()
                         .gnu_long('K', target)
                         .gnu_long('L', name)
                         .symlink(name.substr(0, 100), target.substr(0, 100))
                         .file("after")
                         .finish();
    CHECK(entries_of(tar) == Entries{{TarKind::symlink, name, target, 0, ""}, file("after", "")});
}

TEST_CASE("tar: sizes in base 256", "[archive][tar]") {
    auto header = TarBuilder::header("big", '0', 0);
    TarBuilder::put(header, 124, std::string("\x80\0\0\0\0\0\0\0\0\0\0\5", 12));
    CHECK(entries_of(TarBuilder()
                         .raw(TarBuilder::with_checksum(header))
                         .raw(TarBuilder::padded("hello"))
                         .finish()) == Entries{file("big", "hello")});
}

TEST_CASE("tar: a negative size is refused", "[archive][tar]") {
    auto header = TarBuilder::header("big", '0', 0);
    TarBuilder::put(header, 124, std::string(12, '\xff'));
    CHECK(refusal(TarBuilder().raw(TarBuilder::with_checksum(header)).finish()).code ==
          ErrorCode::malformed);
}

TEST_CASE("tar: a number that is none is refused", "[archive][tar]") {
    const auto at = GENERATE(100U, 108U, 116U, 124U, 136U, 329U); // mode uid gid size mtime major
    auto header = TarBuilder::header("x", '0', 0);
    TarBuilder::put(header, at, "9x");
    CHECK(refusal(TarBuilder().raw(TarBuilder::with_checksum(header)).finish()).code ==
          ErrorCode::malformed);
}

TEST_CASE("tar: the checksum of old writers, over signed bytes, is accepted", "[archive][tar]") {
    auto header = TarBuilder::header("\xff\xff", '0', 0);
    // Two bytes of 255 count as -1 each.
    unsigned sum = 0;
    for (std::size_t i = 0; i < header.size(); ++i) {
        sum += i >= 148 && i < 156 ? 32U : static_cast<unsigned char>(header[i]);
    }
    TarBuilder::put(header, 148, TarBuilder::octal(sum - 512, 6));
    CHECK(entries_of(TarBuilder().raw(header).finish()) == Entries{file("\xff\xff", "")});
}

TEST_CASE("tar: a wrong checksum is refused and the entry before it named", "[archive][tar]") {
    auto header = TarBuilder::header("x", '0', 0);
    header[0] = 'y';
    const auto error = refusal(TarBuilder().file("good").raw(header).finish());
    CHECK(error.code == ErrorCode::malformed);
    CHECK_THAT(error.message, Catch::Contains("\"good\""));
}

TEST_CASE("tar: links and devices have no data whatever size they claim", "[archive][tar]") {
    const auto type = GENERATE('1', '2', '3', '4', '5', '6');
    const auto tar =
        TarBuilder().raw(TarBuilder::header("l", type, 5000, "t")).file("after").finish();
    const auto entries = entries_of(tar);
    REQUIRE(entries.size() == 2);
    CHECK(entries[0].size == 0);
    CHECK(entries[1].name == "after");
}

TEST_CASE("tar: before ustar a name with a slash at its end is a folder", "[archive][tar]") {
    const auto tar = TarBuilder().raw(TarBuilder::header("d/", '\0', 0, {}, {})).file("f").finish();
    CHECK(entries_of(tar) == Entries{{TarKind::directory, "d/", "", 0, ""}, file("f", "")});
}

TEST_CASE("tar: unknown types are files, volume labels are not", "[archive][tar]") {
    const auto tar = TarBuilder()
                         .raw(TarBuilder::header("label", 'V', 0))
                         .raw(TarBuilder::header("c", '7', 2))
                         .raw(TarBuilder::padded("hi"))
                         .finish();
    const auto seen = test::value_of(walk(tar));
    CHECK(seen.entries == Entries{file("c", "hi")});
    CHECK(seen.notes.size() == 1);
}

TEST_CASE("tar: what would be read differently by different readers is refused", "[archive][tar]") {
    struct Row {
        const char* why;
        std::string tar;
    };

    const auto row = GENERATE(
        Row{"GNU name and pax path differ",
            TarBuilder().gnu_long('L', "a").pax({{"path", "b"}}).file("x").finish()},
        Row{"GNU link and pax linkpath differ",
            TarBuilder().gnu_long('K', "a").pax({{"linkpath", "b"}}).symlink("x", "c").finish()},
        Row{"two GNU names", TarBuilder().gnu_long('L', "a").gnu_long('L', "b").file("x").finish()},
        Row{"two pax headers",
            TarBuilder().pax({{"path", "a"}}).pax({{"mtime", "1"}}).file("x").finish()},
        Row{"global after local",
            TarBuilder().pax({{"path", "a"}}).pax({{"comment", "c"}}, 'g').file("x").finish()},
        Row{"global path", TarBuilder().pax({{"path", "a"}}, 'g').file("x").finish()},
        Row{"global size", TarBuilder().pax({{"size", "0"}}, 'g').file("x").finish()},
        Row{"two sizes", TarBuilder().pax({{"size", "5"}}).file("x", "abc").finish()},
        Row{"pax header before the end", TarBuilder().pax({{"path", "a"}}).finish()},
        Row{"GNU name before the end", TarBuilder().gnu_long('L', "a").finish()},
        Row{"extended header before a volume label",
            TarBuilder()
                .gnu_long('L', "a")
                .raw(TarBuilder::header("label", 'V', 0))
                .file("x")
                .finish()},
        Row{"unknown sparse version",
            TarBuilder().pax({{"GNU.sparse.major", "2"}}).file("x").finish()},
        Row{"sparse name without a map",
            TarBuilder().pax({{"GNU.sparse.name", "other"}}).file("x").finish()},
        Row{"one block of zeros, then more",
            TarBuilder().file("a").raw(std::string(512, '\0')).file("b").finish()});
    CAPTURE(row.why);
    CHECK(refusal(row.tar).code == ErrorCode::malformed);
}

TEST_CASE("tar: a GNU name and a pax path that agree are accepted", "[archive][tar]") {
    CHECK(
        entries_of(TarBuilder().gnu_long('L', "same").pax({{"path", "same"}}).file("x").finish()) ==
        Entries{file("same", "")});
}

TEST_CASE("tar: a global header that only comments is ignored", "[archive][tar]") {
    CHECK(entries_of(TarBuilder().pax({{"comment", "c0ffee"}}, 'g').file("x").finish()) ==
          Entries{file("x", "")});
}

TEST_CASE("tar: damaged pax records are refused", "[archive][tar]") {
    using namespace std::string_literals;
    const auto body = GENERATE("99 path=x\n"s,
                               "path=x\n"s,
                               "8 path=x\n"s,
                               "11 path=x\n"s,
                               "5 =x\n"s,
                               "8 pathx\n"s,
                               "12 path=a\0b\n"s,
                               "9 size=z\n"s,
                               "11 size=-1\n"s,
                               "99999999999999999999 path=x\n"s);
    CAPTURE(body);
    const auto tar = TarBuilder()
                         .raw(TarBuilder::header("p", 'x', body.size()))
                         .raw(TarBuilder::padded(body))
                         .file("x")
                         .finish();
    CHECK(refusal(tar).code == ErrorCode::malformed);
}

TEST_CASE("tar: an extended header beyond the limit is refused before it is read",
          "[archive][tar]") {
    const auto type = GENERATE('x', 'g', 'L', 'K');
    const auto tar = TarBuilder::header("p", type, limits::kTarMetaBytes + 1);
    CHECK(refusal(tar).code == ErrorCode::limit_exceeded);
}

TEST_CASE("tar: cut off anywhere it is refused, except between files, where that is noted",
          "[archive][tar]") {
    const auto body = TarBuilder().file("a", "hello").pax({{"path", "bb"}}).file("b").bytes();
    const auto tar = body + std::string(1024, '\0');
    for (std::size_t size = 1; size < tar.size(); ++size) {
        CAPTURE(size);
        const auto result = walk(tar.substr(0, size));
        if (size == 1024 || size == body.size()) {
            REQUIRE(test::value_of(result).notes.size() == 1);
        } else if (size == body.size() + 512) {
            REQUIRE(result.has_value()); // Go takes one block of zeros at the end for the end
        } else {
            REQUIRE(test::error_of(result).code == ErrorCode::malformed);
        }
    }
}

TEST_CASE("tar: an empty archive has no entries", "[archive][tar]") {
    CHECK(entries_of("").empty());
    CHECK(entries_of(std::string(1024, '\0')).empty());
}

TEST_CASE("tar: what follows the end is not read as files, and noted", "[archive][tar]") {
    const auto tar = TarBuilder().file("a").finish() + TarBuilder().file("b").finish();
    const auto seen = test::value_of(walk(tar));
    CHECK(seen.entries == Entries{file("a", "")});
    CHECK(seen.notes.size() == 1);
    CHECK(test::value_of(walk(TarBuilder().file("a").finish() + std::string(9000, '\0')))
              .notes.empty());
}

TEST_CASE("tar: the head of a sparse file is what a runtime unpacks, holes and all",
          "[archive][tar][sparse]") {
    const auto sparse = [](std::string_view size, std::string_view map, std::string_view data) {
        return TarBuilder()
            .pax({{"GNU.sparse.size", std::string(size)}, {"GNU.sparse.map", std::string(map)}})
            .file("s", std::string(data))
            .file("z", "take")
            .finish();
    };
    const auto piece = GENERATE(1U, 513U, 100'000U);
    using Lines = std::vector<std::string>;
    CHECK(peeked(sparse("12", "0,6,10,2", "take it!"), piece) ==
          Lines{"s head 12 got take i" + std::string(4, '\0') + "t!", "z head 4 got take"});
    // Terabytes of zeros in front: nobody fills them in for a visitor that does not want them.
    CHECK(peeked(sparse("9000000000000", "8999999999996,4", "take"), piece) ==
          Lines{"s head 512", "z head 4 got take"});
    CHECK(peeked(sparse("9000000000000", "0,4", "free"), piece) ==
          Lines{"s head 512", "z head 4 got take"});
}

TEST_CASE("tar: sparse files are expanded, whichever way they are written",
          "[archive][tar][sparse]") {
    const auto expected = file(
        "s", std::string(3, '\0') + "abcd" + std::string(2, '\0') + "ef" + std::string(4, '\0'));
    const auto data = TarBuilder::padded("abcdef");
    const auto map = TarBuilder::padded("2\n3\n4\n9\n2\n");
    auto old = TarBuilder::header("s", 'S', 6, {}, std::string_view("ustar  \0", 8));
    TarBuilder::put(old, 386, "00000000003");
    TarBuilder::put(old, 398, "00000000004");
    TarBuilder::put(old, 483, "00000000017");
    auto extension = std::string(512, '\0');
    auto extended = old;
    extended[482] = 1;
    TarBuilder::put(extension, 0, "00000000011");
    TarBuilder::put(extension, 12, "00000000002");
    TarBuilder::put(old, 410, "00000000011");
    TarBuilder::put(old, 422, "00000000002");
    const auto tar =
        GENERATE_COPY(TarBuilder().raw(TarBuilder::with_checksum(old)).raw(data).file("z").finish(),
                      TarBuilder()
                          .raw(TarBuilder::with_checksum(extended))
                          .raw(extension)
                          .raw(data)
                          .file("z")
                          .finish(),
                      TarBuilder()
                          .pax({{"GNU.sparse.size", "15"},
                                {"GNU.sparse.numblocks", "2"},
                                {"GNU.sparse.offset", "3"},
                                {"GNU.sparse.numbytes", "4"},
                                {"GNU.sparse.offset", "9"},
                                {"GNU.sparse.numbytes", "2"}})
                          .file("s", "abcdef")
                          .file("z")
                          .finish(),
                      TarBuilder()
                          .pax({{"GNU.sparse.size", "15"},
                                {"GNU.sparse.name", "s"},
                                {"GNU.sparse.map", "3,4,9,2"}})
                          .file("GNUSparseFile.0/s", "abcdef")
                          .file("z")
                          .finish(),
                      TarBuilder()
                          .pax({{"GNU.sparse.major", "1"},
                                {"GNU.sparse.minor", "0"},
                                {"GNU.sparse.name", "s"},
                                {"GNU.sparse.realsize", "15"}})
                          .file("GNUSparseFile.0/s", map + "abcdef")
                          .file("z")
                          .finish());
    const auto piece = GENERATE(1U, 512U, 100'000U);
    CHECK(entries_of(tar, piece) == Entries{expected, file("z", "")});
}

TEST_CASE("tar: sparse maps that lie are refused", "[archive][tar][sparse]") {
    const auto map = GENERATE("0,4,2,2",                // overlaps
                              "9,2,0,4",                // goes back
                              "0,4,14,2",               // leaves the file
                              "0,4,9,1",                // fewer bytes than are stored
                              "0,4,9",                  // not in pairs
                              "0,4,x,2",                // no number
                              "9223372036854775807,6"); // would wrap
    CAPTURE(map);
    const auto tar = TarBuilder()
                         .pax({{"GNU.sparse.size", "15"}, {"GNU.sparse.map", map}})
                         .file("s", "abcdef")
                         .finish();
    CHECK(refusal(tar).code == ErrorCode::malformed);
}

TEST_CASE("tar: a sparse map without end is refused", "[archive][tar][sparse]") {
    const auto tar = TarBuilder()
                         .pax({{"GNU.sparse.major", "1"},
                               {"GNU.sparse.minor", "0"},
                               {"GNU.sparse.realsize", "15"}})
                         .file("s", "40000\n" + std::string(2'000'000, '0'))
                         .finish();
    CHECK(refusal(tar).code == ErrorCode::malformed);
}
