// SPDX-License-Identifier: Apache-2.0
#include "base/core/limits.hpp"
#include "base/walk/entry_router.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/word_scanner.hpp"

#include <random>

using namespace bulla;
using walk::EntryRouter;
using walk::PathPattern;

namespace {

EntryRouter router_of(const std::vector<PathPattern>& patterns,
                      const std::vector<walk::RequiredPath>& required = {},
                      std::string_view version = "1",
                      const std::vector<walk::ScannerKind>& scanners = {}) {
    return test::value_of(EntryRouter::compile(
        {.patterns = patterns, .version = version, .scanners = scanners}, required));
}

} // namespace

TEST_CASE("router: keeps what a pattern names and nothing else", "[walk][router]") {
    const auto router = router_of({{"**/lib/dpkg/status", 10},
                                   {"**/*.egg-info", 20},
                                   {"**/lib/dpkg/status.d/*", 30},
                                   {"opt/*-x/y?", 40}});
    CHECK(router.route("var/lib/dpkg/status").keep);
    CHECK(router.route("var/lib/dpkg/status").max_bytes == 10);
    CHECK(router.route("a/b.egg-info").max_bytes == 20);
    CHECK(router.route("lib/dpkg/status.d/tzdata").max_bytes == 30);
    CHECK(router.route("opt/a-x/yz").max_bytes == 40);
    CHECK_FALSE(router.route("var/lib/dpkg/status-old").keep);
    CHECK_FALSE(router.route("status").keep);
    CHECK_FALSE(router.route("a/egg-info").keep);
    CHECK_FALSE(router.route("").keep);
}

TEST_CASE("router: of several patterns the largest bound holds", "[walk][router]") {
    const auto router = router_of({{"**/a.txt", 5}, {"x/*", 50}, {"**/*.txt", 7}});
    CHECK(router.route("x/a.txt").max_bytes == 50);
    CHECK(router.route("y/a.txt").max_bytes == 7);
}

TEST_CASE("router: a required path gets the route of the name it is wanted as, and thorough scans",
          "[walk][router]") {
    const auto router = router_of({{"**/dpkg/status", 77}},
                                  {{"opt/db", "var/lib/dpkg/status"}, {"opt/db", "x.words"}},
                                  "1",
                                  {test::word_scanner()});
    const auto route = router.route("opt/db");
    CHECK(route.keep);
    CHECK(route.max_bytes == 77);
    CHECK(route.scanners == 1U);
    CHECK(route.effort == walk::ScanEffort::thorough);
    CHECK_FALSE(router.route("opt/db2").keep);
    CHECK(router.route("var/lib/dpkg/status").effort == walk::ScanEffort::streaming);
}

TEST_CASE("router: files go to scanners by name or by their first bytes", "[walk][router]") {
    auto by_name = test::word_scanner();
    by_name.id = "other";
    by_name.recognises = nullptr;
    const auto router = router_of({{"**/*.words", 5}}, {}, "1", {by_name, test::word_scanner()});
    CHECK(router.route("a/b.words").scanners == 3U);
    CHECK(router.route("a/b.words").keep);
    CHECK(router.route("a/b.txt").scanners == 0U);
    CHECK(router.recognise("#words and more") == 2U);
    CHECK(router.recognise("words") == 0U);
    CHECK(router.recognises());
    CHECK_FALSE(router_of({}, {}, "1", {by_name}).recognises());
    const std::vector<walk::ScannerKind> many(walk::kMostScanners + 1, by_name);
    CHECK(test::error_of(EntryRouter::compile({.scanners = many})).code == ErrorCode::internal);
}

TEST_CASE("router: the version tells different routers apart", "[walk][router]") {
    const auto base = router_of({{"a/b", 1}});
    CHECK(base.version() == router_of({{"a/b", 1}}).version());
    CHECK(base.version() != router_of({{"a/b", 2}}).version());
    CHECK(base.version() != router_of({{"a/c", 1}}).version());
    CHECK(base.version() != router_of({{"a/b", 1}}, {{"x", "x"}}).version());
    CHECK(base.version() != router_of({{"a/b", 1}}, {}, "2").version());
    CHECK(router_of({}, {{"a", "a"}, {"b", "b"}}).version() ==
          router_of({}, {{"b", "b"}, {"a", "a"}}).version());
    CHECK(router_of({}, {{"a", "b"}}).version() != router_of({}, {{"a1:b", ""}}).version());
    const auto scanning = router_of({{"a/b", 1}}, {}, "1", {test::word_scanner()});
    CHECK(base.version() != scanning.version());
    CHECK(scanning.version() !=
          router_of({{"a/b", 1}}, {}, "1", {test::word_scanner(2)}).version());
}

TEST_CASE("router: a malformed pattern is refused", "[walk][router]") {
    const std::vector<PathPattern> patterns{{"a/**", 1}};
    CHECK(test::error_of(EntryRouter::compile({.patterns = patterns, .version = "1"})).code ==
          ErrorCode::internal);
}

TEST_CASE("router: agrees with matching every glob by itself", "[walk][router]") {
    const std::vector<PathPattern> patterns{{"**/a/b", 1},
                                            {"**/*.b", 2},
                                            {"a/**/b", 4},
                                            {"**/b/*", 8},
                                            {"?/a*", 16},
                                            {"**/a/**/c.b", 32}};
    const auto router = router_of(patterns);
    std::mt19937 random(7); // NOLINT(cert-msc51-cpp): the same paths in every run
    const std::vector<std::string> names{"a", "b", "ab", "c.b", "x", ".b"};
    for (int i = 0; i < 20000; ++i) {
        std::string path = names[random() % names.size()];
        for (auto depth = random() % 4; depth > 0; --depth) {
            path += "/" + names[random() % names.size()];
        }
        std::uint64_t expected = 0;
        for (const auto& pattern : patterns) {
            if (walk::matches_glob(pattern.glob, path)) {
                expected = std::max(expected, pattern.max_bytes);
            }
        }
        const auto route = router.route(path);
        CAPTURE(path);
        REQUIRE(route.keep == (expected > 0));
        REQUIRE(route.max_bytes == expected);
    }
}
