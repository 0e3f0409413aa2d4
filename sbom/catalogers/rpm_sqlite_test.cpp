// SPDX-License-Identifier: Apache-2.0
#include "base/core/limits.hpp"
#include "sbom/catalogers/rpm_reader_test_support.hpp"

using namespace bulla;
using test::mentions;
using test::Seen;
using test::sqlite;
using test::sqlite_with_wal;
using test::Strings;
using test::three;
using test::with;

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
    const std::size_t cell = 1024 + static_cast<unsigned char>(file[1024 + 8]) * std::size_t{256} +
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
