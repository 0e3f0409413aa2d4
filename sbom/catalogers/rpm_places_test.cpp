// SPDX-License-Identifier: Apache-2.0
#include "sbom/catalogers/rpm_test_support.hpp"
#include "sbom/catalogers/sqlite_test_support.hpp"
#include "sbom/catalogers/test_support.hpp"

using namespace bulla;
using sbom::RpmTag;
using test::Strings;

namespace {
constexpr std::string_view kSqlite = "var/lib/rpm/rpmdb.sqlite";
constexpr std::string_view kNdb = "usr/lib/sysimage/rpm/Packages.db";
constexpr std::string_view kBdb = "var/lib/rpm/Packages";

test::MemoryFileView fedora() {
    test::MemoryFileView view;
    view.add("etc/os-release", "ID=fedora\nVERSION_ID=41\n");
    return view;
}

test::MemoryFileView fedora_with(const std::vector<Bytes>& headers) {
    auto view = fedora();
    view.add(std::string(kSqlite), test::sqlite_of(headers));
    return view;
}

Strings reasons_of(const sbom::Sbom& sbom) {
    Strings reasons;
    for (const sbom::Unknown& unknown : sbom.unknowns) {
        reasons.push_back(unknown.path + ": " + unknown.reason);
    }
    return reasons;
}
} // namespace

TEST_CASE("rpm: of several formats in one folder the newest counts", "[sbom][rpm]") {
    auto view = fedora();
    view.add(std::string(kBdb), test::bdb_of({test::rpm_named("a", "0").build()}));
    CHECK(test::names_of(test::catalog(view)) == Strings{"a 0-1"});
    view.add("var/lib/rpm/Packages.db", test::ndb_of({test::rpm_named("a", "1").build()}));
    CHECK(test::names_of(test::catalog(view)) == Strings{"a 1-1"});
    view.add(std::string(kSqlite), test::sqlite_of({test::rpm_named("a", "2").build()}));
    CHECK(test::names_of(test::catalog(view)) == Strings{"a 2-1"});
}

TEST_CASE("rpm: the databases of two folders are one list", "[sbom][rpm]") {
    auto view = fedora();
    view.add(std::string(kSqlite),
             test::sqlite_of({test::rpm_named("a").build(), test::rpm_named("b").build()}));
    view.add(std::string(kNdb),
             test::ndb_of({test::rpm_named("a").build(), test::rpm_named("c").build()}));
    const auto sbom = test::catalog(view);
    CHECK(test::names_of(sbom) == Strings{"a 1-1", "b 1-1", "c 1-1"});
    CHECK(test::package_named(sbom, "a").occurrences ==
          std::vector<sbom::Occurrence>{{std::string(kNdb), 0}, {std::string(kSqlite), 0}});
}

TEST_CASE("rpm: a database that a link leads to again is read once", "[sbom][rpm]") {
    for (const std::string_view target : {"../../usr/lib/sysimage/rpm", "/usr/lib/sysimage/rpm"}) {
        auto view = fedora();
        view.add("usr/lib/sysimage/rpm/rpmdb.sqlite",
                 test::sqlite_of({test::rpm_named("a").build(), "x"}));
        view.link("var/lib/rpm", std::string(target));
        const auto sbom = test::catalog(view);
        CHECK(sbom.packages.at(0).occurrences ==
              std::vector<sbom::Occurrence>{{"usr/lib/sysimage/rpm/rpmdb.sqlite", 0}});
        CHECK(sbom.unknowns.size() == 1);
    }
}

TEST_CASE("rpm: the write-ahead log beside the database is read with it", "[sbom][rpm]") {
    auto view = fedora();
    test::SqliteBuilder builder;
    builder.add(test::rpm_named("a").build());
    view.add(std::string(kSqlite), builder.build());
    builder.add(test::rpm_named("b").build());
    const auto pages = builder.pages();
    view.add(std::string(kSqlite) + "-wal",
             test::wal_of({{1, pages[0]}, {2, pages[1]}, {4, pages[3], 4}}));
    const auto sbom = test::catalog(view);
    CHECK(test::names_of(sbom) == Strings{"a 1-1", "b 1-1"});
    CHECK(sbom.unknowns.empty());
    view.add(std::string(kSqlite) + "-wal", "");
    CHECK(test::names_of(test::catalog(view)) == Strings{"a 1-1"});
    CHECK(test::catalog(view).unknowns.empty());
}

TEST_CASE("rpm: a log or journal that cannot be followed is told", "[sbom][rpm]") {
    auto view = fedora_with({test::rpm_named("a").build()});
    view.add_unread(std::string(kSqlite) + "-wal");
    view.add(std::string(kSqlite) + "-journal", "x");
    const auto sbom = test::catalog(view);
    CHECK(test::names_of(sbom) == Strings{"a 1-1"});
    CHECK(reasons_of(sbom) ==
          Strings{
              std::string(kSqlite) +
              ": packages may be missing: beside it is the journal of an unfinished transaction"});
}

TEST_CASE("rpm: damage is told, and what was found before it stays", "[sbom][rpm]") {
    Bytes file = test::ndb_of({test::rpm_named("a").build(), test::rpm_named("b").build()});
    test::put(file, 48, "slot");
    auto view = fedora();
    view.add(std::string(kNdb), file);
    const auto sbom = test::catalog(view);
    CHECK(test::names_of(sbom) == Strings{"a 1-1"});
    CHECK(reasons_of(sbom) ==
          Strings{std::string(kNdb) +
                  ": packages may be missing: slot 3 does not begin with its mark"});
}

TEST_CASE("rpm: headers that cannot be read are counted, the others stay", "[sbom][rpm]") {
    const auto sbom =
        test::catalog(fedora_with({"short",
                                   test::rpm_named("a").build(),
                                   test::RpmHeaderBuilder().text(RpmTag::version, "1").build(),
                                   test::rpm_named("b").build()}));
    CHECK(test::names_of(sbom) == Strings{"a 1-1", "b 1-1"});
    CHECK(reasons_of(sbom) == Strings{std::string(kSqlite) +
                                      ": 2 of its packages cannot be read: a header has 5 bytes"});
}

TEST_CASE("rpm: a database that was not kept is an unknown", "[sbom][rpm]") {
    auto view = fedora();
    view.add_unread(std::string(kBdb));
    const auto sbom = test::catalog(view);
    CHECK(sbom.packages.empty());
    REQUIRE(sbom.unknowns.size() == 1);
    CHECK(sbom.unknowns[0].path == kBdb);
}

TEST_CASE("rpm: what a later layer has upgraded or removed is not listed", "[sbom][rpm]") {
    test::MemoryFileView view;
    view.begin_layer("sha256:base");
    view.add(std::string(kSqlite),
             test::sqlite_of({test::rpm_named("a", "1").build(), test::rpm_named("gone").build()}));
    view.begin_layer("sha256:top");
    view.add(std::string(kSqlite), test::sqlite_of({test::rpm_named("a", "2").build()}));
    const auto sbom = test::catalog(view);
    CHECK(test::names_of(sbom) == Strings{"a 2-1"});
    CHECK(sbom.packages[0].occurrences == std::vector<sbom::Occurrence>{{std::string(kSqlite), 1}});
}
