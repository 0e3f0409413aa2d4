// SPDX-License-Identifier: Apache-2.0
#include "base/core/limits.hpp"
#include "base/walk/entry_router.hpp"
#include "tests/support/catch.hpp"

#include <random>

using namespace bulla;
using walk::EntryRouter;
using walk::PathPattern;

namespace {

EntryRouter router_of(const std::vector<PathPattern>& patterns,
                      const std::vector<std::string>& required = {},
                      std::string_view version = "1") {
    return test::value_of(EntryRouter::compile(patterns, version, required));
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

TEST_CASE("router: required paths are kept with the bound of a package database",
          "[walk][router]") {
    const auto router = router_of({}, {"usr/lib/sysimage/dpkg/status"});
    const auto route = router.route("usr/lib/sysimage/dpkg/status");
    CHECK(route.keep);
    CHECK(route.max_bytes == limits::kPackageDatabaseBytes);
    CHECK_FALSE(router.route("lib/sysimage/dpkg/status").keep);
}

TEST_CASE("router: the version tells different routers apart", "[walk][router]") {
    const auto base = router_of({{"a/b", 1}});
    CHECK(base.version() == router_of({{"a/b", 1}}).version());
    CHECK(base.version() != router_of({{"a/b", 2}}).version());
    CHECK(base.version() != router_of({{"a/c", 1}}).version());
    CHECK(base.version() != router_of({{"a/b", 1}}, {"x"}).version());
    CHECK(base.version() != router_of({{"a/b", 1}}, {}, "2").version());
    CHECK(router_of({}, {"a", "b"}).version() == router_of({}, {"b", "a"}).version());
    CHECK(router_of({}, {"a", "b"}).version() != router_of({}, {"a1:b"}).version());
}

TEST_CASE("router: a malformed pattern is refused", "[walk][router]") {
    const std::vector<PathPattern> patterns{{"a/**", 1}};
    CHECK(test::error_of(EntryRouter::compile(patterns, "1")).code == ErrorCode::internal);
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
