// SPDX-License-Identifier: Apache-2.0
#include "sbom/catalogers/rpm_bdb.hpp"
#include "sbom/catalogers/rpm_ndb.hpp"
#include "sbom/catalogers/rpm_sqlite.hpp"
#include "base/core/limits.hpp"
#include "sbom/catalogers/rpm_test_support.hpp"
#include "sbom/catalogers/test_support.hpp"


using namespace bulla;
using sbom::RpmTag;
using test::Strings;

namespace {
/// What a reader gives: the names in the headers in their order, and how it ended.
struct Seen {
    Strings names;
    std::string error;
    ErrorCode code = ErrorCode::internal;
};

template <class Read> Seen seen_by(const Read& read) {
    Seen seen;
    const Status status = read([&](ByteView bytes) {
        const auto header = sbom::RpmHeader::parse(bytes);
        seen.names.push_back(header ? std::string(header->text(RpmTag::name)) : "?");
        return ok();
    });
    if (!status) {
        seen.error = status.error().message;
        seen.code = status.error().code;
    }
    return seen;
}

Seen sqlite(ByteView file) {
    return seen_by([&](const sbom::RpmHeaderSink& sink) {
        return sbom::read_rpm_sqlite(sbom::RpmFile(file), nullptr, sink);
    });
}

Seen sqlite_with_wal(ByteView file, ByteView wal) {
    const sbom::RpmFile log(wal);
    return seen_by([&](const sbom::RpmHeaderSink& sink) {
        return sbom::read_rpm_sqlite(sbom::RpmFile(file), &log, sink);
    });
}

Seen ndb(ByteView file) {
    return seen_by([&](const sbom::RpmHeaderSink& sink) {
        return sbom::read_rpm_ndb(sbom::RpmFile(file), sink);
    });
}

Seen bdb(ByteView file) {
    return seen_by([&](const sbom::RpmHeaderSink& sink) {
        return sbom::read_rpm_bdb(sbom::RpmFile(file), sink);
    });
}

std::vector<Bytes> three() {
    return {test::rpm_named("a").build(), test::long_rpm("b"), test::rpm_named("c").build()};
}

/// `bytes` with others at a place.
Bytes with(Bytes bytes, std::size_t at, const Bytes& others) {
    test::put(bytes, at, others);
    return bytes;
}

bool mentions(const Seen& seen, std::string_view words) {
    return seen.error.find(words) != std::string::npos;
}

const Strings kThree{"a", "b", "c"};
} // namespace

TEST_CASE("rpm databases: every format gives short and long headers", "[sbom][rpm]") {
    for (const Seen& seen : {sqlite(test::sqlite_of(three())),
                             ndb(test::ndb_of(three())),
                             bdb(test::bdb_of(three())),
                             bdb(test::bdb_of(three(), true))}) {
        CHECK(seen.names == kThree);
        CHECK(seen.error.empty());
    }
}

TEST_CASE("rpm databases: an empty one is no damage", "[sbom][rpm]") {
    for (const Seen& seen : {sqlite(test::sqlite_of({})),
                             ndb(test::ndb_of({})),
                             bdb(test::bdb_of({})),
                             bdb(test::bdb_of({}, true))}) {
        CHECK(seen.names.empty());
        CHECK(seen.error.empty());
    }
}

TEST_CASE("rpm databases: a file that is cut anywhere is told from a whole one", "[sbom][rpm]") {
    const Bytes in_sqlite = test::sqlite_of(three());
    const Bytes in_ndb = test::ndb_of(three());
    const Bytes in_bdb = test::bdb_of(three());
    for (std::size_t size = 0; size < in_sqlite.size(); size += 16) {
        CHECK_FALSE(sqlite(ByteView(in_sqlite).substr(0, size)).error.empty());
    }
    for (std::size_t size = 0; size < in_ndb.size(); size += 16) {
        CHECK_FALSE(ndb(ByteView(in_ndb).substr(0, size)).error.empty());
    }
    for (std::size_t size = 0; size < in_bdb.size(); size += 16) {
        CHECK_FALSE(bdb(ByteView(in_bdb).substr(0, size)).error.empty());
    }
}

TEST_CASE("rpm databases: any byte may be any other without harm", "[sbom][rpm]") {
    const auto try_all = [](const Bytes& file, Seen (*read)(ByteView), std::size_t from) {
        std::size_t noticed = 0;
        for (std::size_t at = from; at < file.size(); ++at) {
            for (const char value : {'\0', '\x7F', '\xFF'}) {
                noticed += read(with(file, at, Bytes(1, value))).error.empty() ? 0U : 1U;
            }
        }
        return noticed;
    };
    CHECK(try_all(test::sqlite_of(three()), sqlite, 0) > 0);
    CHECK(try_all(test::ndb_of(three()), ndb, 4000) > 0);
    CHECK(try_all(test::bdb_of(three()), bdb, 0) > 0);
}

TEST_CASE("rpm databases: a file of another kind is said to be one", "[sbom][rpm]") {
    const Bytes other(8192, 'x');
    CHECK(mentions(sqlite(other), "expected an SQLite database"));
    CHECK(mentions(ndb(other), "expected an rpm package database"));
    CHECK(mentions(bdb(other), "expected a Berkeley DB hash"));
    CHECK(mentions(sqlite(""), "empty"));
}

TEST_CASE("rpm databases: an error of whoever reads ends the reading", "[sbom][rpm]") {
    const Bytes file = test::ndb_of(three());
    int calls = 0;
    const Status status = sbom::read_rpm_ndb(sbom::RpmFile(file), [&](ByteView) -> Status {
        ++calls;
        return Error{ErrorCode::cancelled, "stop"};
    });
    CHECK(status.error().code == ErrorCode::cancelled);
    CHECK(calls == 1);
}

TEST_CASE("rpm ndb: what does not fit is named, and what came before is given", "[sbom][rpm]") {
    const Bytes file = test::ndb_of(three());
    const std::size_t second_slot = 48;
    CHECK(mentions(ndb(with(file, 4, test::le32(1))), "version 0"));
    CHECK(ndb(with(file, 4, test::le32(1))).code == ErrorCode::unsupported);
    CHECK(mentions(ndb(with(file, 12, test::le32(0))), "table of 0 pages"));
    CHECK(mentions(ndb(with(file, 12, test::le32(0xFFFFFFFF))), "is not in it"));
    CHECK(mentions(ndb(with(file, second_slot, "slot")), "slot 3 does not begin"));
    CHECK(mentions(ndb(with(file, second_slot + 4, test::le32(9))), "does not begin with its mark"));
    CHECK(mentions(ndb(with(file, second_slot + 8, test::le32(1))), "lies over others"));
    CHECK(mentions(ndb(with(file, second_slot + 8, test::le32(0xFFFFFFF0))), "it ends at byte"));
    CHECK(mentions(ndb(with(file, second_slot + 12, test::le32(1))), "is too short"));
    CHECK(mentions(ndb(with(file, second_slot + 12, test::le32(0xFFFFFFFF))), "lies over others"));
    const Seen seen = ndb(with(file, second_slot + 12, test::le32(3)));
    CHECK(seen.names == Strings{"a"});
    CHECK(mentions(seen, "package 2"));
}

TEST_CASE("rpm ndb: a header whose checksum does not hold is refused", "[sbom][rpm]") {
    const Bytes file = test::ndb_of({test::rpm_named("a").build()});
    const std::size_t name = file.find("x86_64");
    CHECK(mentions(ndb(with(file, name, "X")), "does not have its checksum"));
    CHECK(mentions(ndb(with(file, file.size() - 1, "x")), "does not end with its mark"));
    CHECK(mentions(ndb(with(file, 4096 + 12, test::le32(1))), "has 1 bytes in"));
}

TEST_CASE("rpm ndb: slots that share blocks are no more work than the file is long", "[sbom][rpm]") {
    Bytes file = test::ndb_of({test::long_rpm("a")});
    for (std::size_t at = 48; at < 4096; at += 16) {
        test::put(file, at, file.substr(32, 16));
    }
    const Seen seen = ndb(file);
    CHECK(mentions(seen, "lies over others"));
    CHECK(seen.names.size() < 10);
}

TEST_CASE("rpm bdb: what does not fit is named", "[sbom][rpm]") {
    const bool big = GENERATE(false, true);
    test::BdbBuilder builder(big);
    builder.add(test::long_rpm("a"));
    const Bytes file = builder.build();
    const auto u32 = [&](std::uint32_t value) { return builder.u32(value); };
    const auto u16 = [&](std::uint16_t value) { return builder.u16(value); };
    const std::size_t bucket = 512;
    const std::size_t overflow = 3 * 512;
    CHECK(bdb(file).names == Strings{"a"});
    CHECK(bdb(with(file, 16, u32(7))).code == ErrorCode::unsupported);
    CHECK(bdb(with(file, 24, "\1")).code == ErrorCode::unsupported);
    CHECK(mentions(bdb(with(file, 20, u32(513))), "its pages have 513 bytes"));
    CHECK(mentions(bdb(with(file, 20, u32(0))), "its pages have 0 bytes"));
    CHECK(mentions(bdb(with(file, 32, u32(0xFFFFFFFF))), "its last page is"));
    CHECK(mentions(bdb(with(file, 72, u32(0xFFFFFFFF))), "buckets"));
    CHECK(mentions(bdb(with(file, 96, u32(0xFFFFFFFF))), "there is no page"));
    CHECK(mentions(bdb(with(file, bucket + 25, "\5")), "is none of a hash"));
    CHECK(mentions(bdb(with(file, bucket + 8, u32(2))), "is none of a hash"));
    CHECK(mentions(bdb(with(file, bucket + 20, u16(3))), "3 items on page 1"));
    CHECK(mentions(bdb(with(file, bucket + 20, u16(0xFFFE))), "65534 items on page 1"));
    CHECK(mentions(bdb(with(file, bucket + 26, u16(0xFFFF))), "lies outside it"));
    CHECK(mentions(bdb(with(file, bucket + 26, u16(0))), "lies outside it"));
    CHECK(mentions(bdb(with(file, bucket + 511 - 4, "\3")), "not the number of a package"));
    CHECK(mentions(bdb(with(file, overflow + 25, "\1")), "no part of a long value"));
    CHECK(mentions(bdb(with(file, overflow + 22, u16(0))), "no part of a long value"));
    CHECK(mentions(bdb(with(file, overflow + 22, u16(0xFFFF))), "no part of a long value"));
}

TEST_CASE("rpm bdb: chains that loop end", "[sbom][rpm]") {
    const Bytes file = test::bdb_of({test::long_rpm("a")});
    CHECK(mentions(bdb(with(file, 512 + 16, test::le32(1))), "twice in one"));
    CHECK(mentions(bdb(with(file, 3 * 512 + 16, test::le32(3))), "twice in one"));
    CHECK(mentions(bdb(with(file, 3 * 512 + 16, test::le32(0))), "there is no page 0"));
}

TEST_CASE("rpm bdb: a header's length is bounded before it is put together", "[sbom][rpm]") {
    const Bytes file = test::bdb_of({test::long_rpm("a")});
    // The items grow from the end: two of 5 bytes, the key, then the value with its length last.
    const std::size_t length = 512 + 512 - 5 - 5 - 5 - 4;
    CHECK(bdb(with(file, length, test::le32(0xFFFFFFFF))).code == ErrorCode::limit_exceeded);
    CHECK(mentions(bdb(with(file, length, test::le32(1U << 20U))), "larger than the file"));
    CHECK(mentions(bdb(with(file, length - 8, "\7")), "of an unknown kind"));
}

TEST_CASE("rpm bdb: a bucket that was never used is empty", "[sbom][rpm]") {
    const Bytes file = with(test::bdb_of(three()), 1024, Bytes(512, '\0'));
    CHECK(bdb(file).names == kThree);
    CHECK(bdb(file).error.empty());
}

TEST_CASE("rpm sqlite: what does not fit is named", "[sbom][rpm]") {
    const Bytes file = test::sqlite_of(three());
    const std::size_t root = 512;
    const std::size_t leaf = 1024;
    CHECK(mentions(sqlite(with(file, 16, Bytes("\0\0", 2))), "its pages have 0 bytes"));
    CHECK(mentions(sqlite(with(file, 16, "\2\1")), "its pages have 513 bytes"));
    CHECK(mentions(sqlite(with(file, 20, "\x21")), "not that of an SQLite database"));
    CHECK(sqlite(with(file, 59, "\2")).code == ErrorCode::unsupported);
    CHECK(mentions(sqlite(with(file, 100, "\x2")), "page 1 is none of a table"));
    CHECK(mentions(sqlite(with(file, 103, "\xFF\xFF")), "65535 cells"));
    CHECK(mentions(sqlite(with(file, root, "\xA")), "page 2 is none of a table"));
    CHECK(mentions(sqlite(with(file, root + 12, "\xFF\xFF")), "lies outside it"));
    CHECK(mentions(sqlite(with(file, leaf + 8, Bytes("\0\0", 2))), "lies outside it"));
    CHECK(mentions(sqlite(with(file, root + 8, test::be32(0))), "there is no page 0"));
    CHECK(mentions(sqlite(with(file, root + 8, test::be32(0xFFFFFFFF))), "there is no page"));
    CHECK(mentions(sqlite(test::SqliteBuilder("Name").build()), "no table Packages"));
}

TEST_CASE("rpm sqlite: trees and chains that loop end", "[sbom][rpm]") {
    const Bytes file = test::sqlite_of(three());
    CHECK(mentions(sqlite(with(file, 512 + 8, test::be32(2))), "page 2 is used twice"));
    CHECK(mentions(sqlite(with(file, 512 + 8, test::be32(3))), "page 3 is used twice"));
    const Bytes chained = test::sqlite_of({test::long_rpm("a")});
    const std::size_t overflow = 3 * 512;
    CHECK(mentions(sqlite(with(chained, overflow, test::be32(4))), "page 4 is used twice"));
    CHECK(mentions(sqlite(with(chained, overflow, test::be32(0))), "there is no page 0"));
}

TEST_CASE("rpm sqlite: a tree that is too deep is refused", "[sbom][rpm]") {
    Bytes file = test::sqlite_of({});
    for (std::uint32_t page = 2; page < 40; ++page) {
        Bytes interior(512, '\0');
        interior[0] = '\5';
        test::put(interior, 8, test::be32(page + 1));
        file.resize(std::size_t{page - 1} * 512);
        file += interior;
    }
    CHECK(sqlite(with(file, 28, test::be32(39))).code == ErrorCode::limit_exceeded);
}

TEST_CASE("rpm sqlite: rows are bounded by their page, the file and the limit", "[sbom][rpm]") {
    // A row on page 3 of which 39 bytes are there, as of a long one of that length.
    const auto row_of = [](std::uint64_t length) {
        const Bytes cell = test::varint(length) + test::varint(1);
        return with(with(test::sqlite_of({test::rpm_named("a").build()}), 1024 + 400, cell),
                    1024 + 8,
                    test::big_endian<std::uint16_t>(400));
    };
    CHECK(mentions(sqlite(row_of(300)), "leaves its page"));
    CHECK(mentions(sqlite(row_of(39 + 508 * 200)), "larger than the file"));
    CHECK(sqlite(row_of(39 + 508 * limits::kRpmHeaderBytes)).code == ErrorCode::limit_exceeded);
    CHECK(sqlite(row_of(UINT64_MAX)).code == ErrorCode::limit_exceeded);
}

TEST_CASE("rpm sqlite: rows that lie over each other are refused", "[sbom][rpm]") {
    const Bytes whole = test::sqlite_of({Bytes(400, 'x')});
    const std::size_t leaf = 1024;
    Bytes file = with(whole, leaf + 3, test::big_endian<std::uint16_t>(2));
    test::put(file, leaf + 10, whole.substr(leaf + 8, 2));
    const Seen seen = sqlite(file);
    CHECK(mentions(seen, "lie over each other"));
    CHECK(seen.names.size() == 1);
}

TEST_CASE("rpm sqlite: a row without a header is refused", "[sbom][rpm]") {
    const Bytes file = test::sqlite_of({test::rpm_named("a").build()});
    const std::size_t cell =
        1024 + static_cast<unsigned char>(file[1024 + 8]) * std::size_t{256} +
        static_cast<unsigned char>(file[1024 + 9]);
    // The row's length, its number, the size of its header, then the columns' types.
    CHECK(mentions(sqlite(with(file, cell + 4, "\x1")), "has no header"));
    CHECK(mentions(sqlite(with(file, cell + 4, "\xA")), "a column of a row lies outside it"));
    CHECK(mentions(sqlite(with(file, cell + 4, "\xFE\x7F")), "a column of a row lies outside it"));
    CHECK(mentions(sqlite(with(file, cell + 2, "\x7F")), "longer than the row"));
    CHECK(mentions(sqlite(with(file, cell + 2, Bytes(1, '\0'))), "longer than the row"));
}

// ---- the write-ahead log

namespace {
/// The pages of a database of "a" and of one that has "b" too.
struct Grown {
    std::vector<Bytes> before;
    std::vector<Bytes> after;

    Grown() {
        test::SqliteBuilder builder;
        builder.add(test::rpm_named("a").build());
        before = builder.pages();
        builder.add(test::rpm_named("b").build());
        after = builder.pages();
    }

    Bytes file() const {
        Bytes file;
        for (const Bytes& page : before) {
            file += page;
        }
        return file;
    }

    /// What writing `after` puts into the log, in two transactions.
    std::vector<test::WalFrame> frames() const {
        return {{1, before[0], 3}, {1, after[0]}, {2, after[1]}, {4, after[3], 4}};
    }
};
} // namespace

TEST_CASE("rpm sqlite: what the write-ahead log has committed counts", "[sbom][rpm]") {
    const Grown grown;
    CHECK(sqlite(grown.file()).names == Strings{"a"});
    const Seen seen = sqlite_with_wal(grown.file(), test::wal_of(grown.frames()));
    CHECK(seen.names == Strings{"a", "b"});
    CHECK(seen.error.empty());
}

TEST_CASE("rpm sqlite: what a transaction without an end has written does not count",
          "[sbom][rpm]") {
    const Grown grown;
    auto frames = grown.frames();
    frames.back().pages = 0;
    const Seen seen = sqlite_with_wal(grown.file(), test::wal_of(frames));
    CHECK(seen.names == Strings{"a"});
    CHECK(seen.error.empty());
}

TEST_CASE("rpm sqlite: frames left over from an earlier use of the log do not count",
          "[sbom][rpm]") {
    const Grown grown;
    auto frames = grown.frames();
    frames[1].salt = 6;
    const Seen seen = sqlite_with_wal(grown.file(), test::wal_of(frames));
    CHECK(seen.names == Strings{"a"});
    CHECK(seen.error.empty());
}

TEST_CASE("rpm sqlite: a log that cannot be read is said to be one", "[sbom][rpm]") {
    const Grown grown;
    const Bytes wal = test::wal_of(grown.frames());
    const auto read = [&](ByteView log) { return sqlite_with_wal(grown.file(), log); };
    CHECK(mentions(read(ByteView(wal).substr(0, 31)), "is cut off"));
    CHECK(mentions(read(with(wal, 0, "x")), "does not begin as one"));
    CHECK(mentions(read(with(wal, 7, "x")), "does not begin as one"));
    CHECK(mentions(read(with(wal, 16, "x")), "the header of its write-ahead log"));
    CHECK(mentions(read(test::wal_of(grown.frames(), 1024)), "pages of another size"));
    CHECK(mentions(read(with(wal, wal.size() - 1, "x")), "cannot be read from byte 1640 on"));
    CHECK(mentions(read(ByteView(wal).substr(0, wal.size() - 1)), "cannot be read from byte 1640"));
    CHECK(read(with(wal, wal.size() - 1, "x")).names == Strings{"a"});
    CHECK(read("").error.empty());
}
