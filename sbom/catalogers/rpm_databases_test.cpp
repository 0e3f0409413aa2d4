// SPDX-License-Identifier: Apache-2.0
#include "sbom/catalogers/rpm_reader_test_support.hpp"

using namespace bulla;
using test::bdb;
using test::kThree;
using test::mentions;
using test::ndb;
using test::Seen;
using test::sqlite;
using test::Strings;
using test::three;
using test::with;

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
    CHECK(
        mentions(ndb(with(file, second_slot + 4, test::le32(9))), "does not begin with its mark"));
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

TEST_CASE("rpm ndb: slots that share blocks are no more work than the file is long",
          "[sbom][rpm]") {
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
