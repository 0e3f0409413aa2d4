// SPDX-License-Identifier: Apache-2.0
#include "base/walk/entry_router.hpp"
#include "base/walk/glob.hpp"
#include "tests/support/catch.hpp"

using bulla::ErrorCode;
using bulla::walk::compile_glob;
using bulla::walk::matches_glob;

TEST_CASE("glob: a leading **/ stands for any number of components, none included",
          "[walk][glob]") {
    CHECK(matches_glob("**/lib/dpkg/status", "lib/dpkg/status"));
    CHECK(matches_glob("**/lib/dpkg/status", "var/lib/dpkg/status"));
    CHECK(matches_glob("**/lib/dpkg/status", "a/b/c/lib/dpkg/status"));
    CHECK_FALSE(matches_glob("**/lib/dpkg/status", "var/xlib/dpkg/status"));
    CHECK_FALSE(matches_glob("**/lib/dpkg/status", "var/lib/dpkg/status/x"));
    CHECK_FALSE(matches_glob("**/lib/dpkg/status", "var/lib/dpkg/status-old"));
}

TEST_CASE("glob: **/ after a slash joins two fixed parts over any depth", "[walk][glob]") {
    CHECK(matches_glob("**/node_modules/**/package.json", "node_modules/package.json"));
    CHECK(matches_glob("**/node_modules/**/package.json", "a/node_modules/@b/c/package.json"));
    CHECK_FALSE(matches_glob("**/node_modules/**/package.json", "a/modules/c/package.json"));
    CHECK(matches_glob("a/**/b/**/c", "a/b/x/b/c"));
    CHECK(matches_glob("a/**/b/**/c", "a/x/b/c/c"));
    CHECK_FALSE(matches_glob("a/**/b/**/c", "a/c"));
}

TEST_CASE("glob: * and ? stay within a component", "[walk][glob]") {
    CHECK(matches_glob("usr/share/doc/*/copyright", "usr/share/doc/bash/copyright"));
    CHECK_FALSE(matches_glob("usr/share/doc/*/copyright", "usr/share/doc/a/b/copyright"));
    CHECK_FALSE(matches_glob("usr/share/doc/*/copyright", "usr/share/doc/copyright"));
    CHECK(matches_glob("**/status.d/*", "var/lib/dpkg/status.d/base"));
    CHECK_FALSE(matches_glob("**/status.d/*", "var/lib/dpkg/status.d/a/b"));
    CHECK(matches_glob("lib?/x", "lib6/x"));
    CHECK_FALSE(matches_glob("lib?x", "lib/x"));
    CHECK(matches_glob("*a*b", "xaybab"));
    CHECK_FALSE(matches_glob("*a*b", "xaybabc"));
}

TEST_CASE("glob: braces give alternatives, anything else stands for itself", "[walk][glob]") {
    CHECK(matches_glob("{etc,usr/lib}/os-release", "etc/os-release"));
    CHECK(matches_glob("{etc,usr/lib}/os-release", "usr/lib/os-release"));
    CHECK_FALSE(matches_glob("{etc,usr/lib}/os-release", "lib/os-release"));
    CHECK(matches_glob("a+(b).c", "a+(b).c"));
    CHECK_FALSE(matches_glob("a.c", "abc"));
}

TEST_CASE("glob: malformed patterns are refused as a defect of ours", "[walk][glob]") {
    const char* const text = GENERATE("", "a//b", "a/**", "a**b", "a[b]", "{a", "a}", "{a,{b}}");
    CAPTURE(text);
    CHECK(bulla::test::error_of(compile_glob(text)).code == ErrorCode::internal);
}

TEST_CASE("glob: many stars over a long name stay fast", "[walk][glob]") {
    const std::string name(4000, 'a');
    CHECK_FALSE(matches_glob("*a*a*a*a*a*a*a*a*b", name));
    std::string path;
    for (int i = 0; i < 2000; ++i) {
        path += "a/";
    }
    CHECK_FALSE(matches_glob("**/a/**/a/**/a/**/a/b", path + "a"));
}
