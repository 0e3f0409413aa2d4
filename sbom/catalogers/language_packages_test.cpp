// SPDX-License-Identifier: Apache-2.0
#include "sbom/catalogers/package_json.hpp"
#include "sbom/catalogers/python_metadata.hpp"
#include "sbom/catalogers/test_support.hpp"

using namespace bulla;
using sbom::License;
using test::Strings;
using Kind = sbom::License::Kind;

namespace {
std::string package_json(std::string_view name, std::string_view more = "") {
    return R"({"name":")" + std::string(name) + R"(","version":"1.0.0")" + std::string(more) + "}";
}

std::string metadata(std::string_view name, std::string_view more = "") {
    return "Metadata-Version: 2.1\nName: " + std::string(name) + "\nVersion: 1.0\n" +
           std::string(more) + "\nbody: not a field\n";
}

std::string folder_of(std::string_view path) {
    const auto place = sbom::find_npm_place(path);
    return place ? std::string(place->folder) + " " + std::string(place->name) : "";
}
} // namespace

TEST_CASE("npm: only a node_modules folder that node would search holds packages", "[sbom][npm]") {
    CHECK(folder_of("app/node_modules/a/package.json") == "app/node_modules/a a");
    CHECK(folder_of("node_modules/@s/a/package.json") == "node_modules/@s/a @s/a");
    CHECK(folder_of("x/node_modules/a/node_modules/@s/b/package.json") ==
          "x/node_modules/a/node_modules/@s/b @s/b");
    CHECK(folder_of("x/node_modules/.pnpm/a@1.0.0/node_modules/a/package.json") ==
          "x/node_modules/.pnpm/a@1.0.0/node_modules/a a");
    CHECK(folder_of("x/node_modules/.store/@s/a@1-h/node_modules/@s/a/package.json") ==
          "x/node_modules/.store/@s/a@1-h/node_modules/@s/a @s/a");
}

TEST_CASE("npm: fixtures and templates inside packages are not packages", "[sbom][npm]") {
    const std::string path = GENERATE(as<std::string>(),
                                      "package.json",
                                      "app/package.json",
                                      "node_modules/package.json",
                                      "node_modules/a/test/package.json",
                                      "node_modules/a/test/node_modules/b/package.json",
                                      "node_modules/@s/package.json",
                                      "node_modules/@s/a/dist/package.json",
                                      "node_modules/.cache/a/package.json",
                                      "node_modules/.cache/x/a/package.json");
    CAPTURE(path);
    CHECK(folder_of(path).empty());
}

TEST_CASE("npm: an alias is reported under its real name, a nameless package under its folder's",
          "[sbom][npm]") {
    test::MemoryFileView view;
    view.add("app/node_modules/alias/package.json", package_json("@s/real"));
    view.add("app/node_modules/@t/marker/package.json", R"({"type":"module"})");
    const auto sbom = test::catalog(view);
    CHECK(test::names_of(sbom) == Strings{"@s/real 1.0.0", "@t/marker"});
    CHECK(test::package_named(sbom, "@s/real").purl == "pkg:npm/%40s/real@1.0.0");
}

TEST_CASE("npm: one package at two places is one package with two occurrences", "[sbom][npm]") {
    test::MemoryFileView view;
    view.add("a/node_modules/x/package.json", package_json("x"));
    view.begin_layer("sha256:top");
    view.add("b/node_modules/x/package.json", package_json("x"));
    const auto sbom = test::catalog(view);
    CHECK(test::names_of(sbom) == Strings{"x 1.0.0"});
    CHECK(sbom.packages[0].occurrences.size() == 2);
}

TEST_CASE("npm: dependencies are resolved upwards through node_modules as node does",
          "[sbom][npm]") {
    test::MemoryFileView view;
    view.add("app/node_modules/a/package.json",
             package_json("a", R"(,"dependencies":{"b":"2","c":"*","gone":"1"})"));
    view.add("app/node_modules/a/node_modules/b/package.json",
             R"({"name":"b-inner","version":"2.0.0","optionalDependencies":{"c":"1"}})");
    view.add("app/node_modules/b/package.json", package_json("b"));
    view.add("app/node_modules/c/package.json",
             package_json("c", R"(,"devDependencies":{"b":"1"})"));
    view.add("other/node_modules/gone/package.json", package_json("gone"));
    CHECK(test::edges_of(test::catalog(view)) == Strings{"a > b-inner", "a > c", "b-inner > c"});
}

TEST_CASE("npm: links of a store lead to the packages they mean", "[sbom][npm]") {
    test::MemoryFileView view;
    view.add("app/node_modules/.pnpm/a@1/node_modules/a/package.json",
             package_json("a", R"(,"dependencies":{"b":"1"})"));
    view.link("app/node_modules/.pnpm/a@1/node_modules/b", "../../b@1/node_modules/b");
    view.add("app/node_modules/.pnpm/b@1/node_modules/b/package.json", package_json("b"));
    view.link("app/node_modules/a", ".pnpm/a@1/node_modules/a");
    const auto sbom = test::catalog(view);
    CHECK(test::names_of(sbom) == Strings{"a 1.0.0", "b 1.0.0"});
    CHECK(test::edges_of(sbom) == Strings{"a > b"});
}

TEST_CASE("npm: the hidden lockfile names workspaces that exist, and nothing that does not",
          "[sbom][npm]") {
    test::MemoryFileView view;
    view.add("app/node_modules/.package-lock.json",
             R"({"packages":{"node_modules/a":{"version":"1.0.0"},
                 "node_modules/gone":{"version":"9"},
                 "node_modules/@w/s":{"resolved":"packages/s","link":true},
                 "packages/s":{"name":"@w/s","version":"2.0.0"}}})");
    view.add("app/node_modules/a/package.json", package_json("a"));
    view.add("app/packages/s/package.json", package_json("@w/s"));
    view.link("app/node_modules/@w/s", "../../packages/s");
    CHECK(test::names_of(test::catalog(view)) == Strings{"@w/s 2.0.0", "a 1.0.0"});
}

TEST_CASE("npm: a package.json that is no JSON is an unknown", "[sbom][npm]") {
    test::MemoryFileView view;
    view.add("node_modules/a/package.json", "{");
    const auto sbom = test::catalog(view);
    CHECK(sbom.packages.empty());
    REQUIRE(sbom.unknowns.size() == 1);
    CHECK(sbom.unknowns[0].path == "node_modules/a/package.json");
}

TEST_CASE("package.json: licence in its three historical forms", "[sbom][npm]") {
    const auto licenses = [](std::string_view text) {
        return test::value_of(sbom::parse_package_json(text)).licenses;
    };
    const std::vector<License> mit{{Kind::id, "MIT"}};
    CHECK(licenses(R"({"license":"MIT"})") == mit);
    CHECK(licenses(R"({"license":{"type":"MIT","url":"x"}})") == mit);
    CHECK(licenses(R"({"licenses":[{"type":"MIT"},"ISC"]})") ==
          std::vector<License>{{Kind::id, "MIT"}, {Kind::id, "ISC"}});
    CHECK(licenses(R"j({"license":"(MIT OR ISC)"})j") ==
          std::vector<License>{{Kind::expression, "(MIT OR ISC)"}});
    CHECK(licenses(R"({"license":7})").empty());
}

TEST_CASE("package.json: a byte order mark and repeated keys are tolerated", "[sbom][npm]") {
    const auto package =
        test::value_of(sbom::parse_package_json("\xEF\xBB\xBF{\"name\":\"a\",\"name\":\"b\"}"));
    CHECK(package.name == "b");
    CHECK(test::error_of(sbom::parse_package_json("[]")).code == ErrorCode::malformed);
}

TEST_CASE("package.json: a person is an object or a text", "[sbom][npm]") {
    const auto author = [](std::string_view text) {
        return test::value_of(sbom::parse_package_json(text)).author;
    };
    CHECK(author(R"j({"author":"A B <a@b.example> (https://b.example)"})j") == "A B <a@b.example>");
    CHECK(author(R"({"author":{"name":"A B","email":"a@b.example"}})") == "A B <a@b.example>");
}

TEST_CASE("python: every kind of installed metadata is found", "[sbom][python]") {
    test::MemoryFileView view;
    const std::string site = "usr/lib/python3.11/site-packages/";
    view.add(site + "A_pkg-1.0.dist-info/METADATA", metadata("A.pkg"));
    view.add(site + "b-1.0.egg-info/PKG-INFO", metadata("b"));
    view.add(site + "c-1.0-py3.11.egg-info", metadata("c"));
    view.add(site + "d-1.0-py3.11.egg/EGG-INFO/PKG-INFO", metadata("d"));
    view.add(site + "e-7.1.dist-info/METADATA", "");
    const auto sbom = test::catalog(view);
    CHECK(test::names_of(sbom) == Strings{"A.pkg 1.0", "b 1.0", "c 1.0", "d 1.0", "e 7.1"});
    CHECK(test::package_named(sbom, "A.pkg").purl == "pkg:pypi/a-pkg@1.0");
}

TEST_CASE("python: vendored copies and leftovers are not packages", "[sbom][python]") {
    test::MemoryFileView view;
    const std::string site = "venv/lib/python3.11/site-packages/";
    view.add(site + "setuptools-75.0.dist-info/METADATA", metadata("setuptools"));
    view.add(site + "setuptools/_vendor/wheel-0.43.dist-info/METADATA", metadata("wheel"));
    view.add(site + "~ip-23.0.dist-info/METADATA", metadata("pip"));
    view.add(site + "argparse-1.0.egg-info", metadata("argparse"));
    view.add("opt/deps/x-1.0.dist-info/METADATA", metadata("x"));
    view.add("opt/deps/x/_vendor/y-1.0.dist-info/METADATA", metadata("y"));
    CHECK(test::names_of(test::catalog(view)) == Strings{"setuptools 1.0", "x 1.0"});
}

TEST_CASE("python: an environment inside a project of its own is an environment",
          "[sbom][python]") {
    test::MemoryFileView view;
    view.add("app/project.egg-info/PKG-INFO", metadata("project"));
    view.add("app/x-1.0.dist-info/METADATA", metadata("x"));
    view.add("app/venv/lib/python3.11/site-packages/z-1.0.dist-info/METADATA", metadata("z"));
    CHECK(test::names_of(test::catalog(view)) == Strings{"project 1.0", "x 1.0", "z 1.0"});
}

TEST_CASE("python: dependencies stay inside their environment and without extras",
          "[sbom][python]") {
    test::MemoryFileView view;
    const std::string one = "one/site-packages/";
    view.add(one + "a-1.0.dist-info/METADATA",
             metadata("a",
                      "Requires-Dist: B.b (>=1) ; python_version > \"3\"\n"
                      "Requires-Dist: c[x]>=1\nRequires-Dist: d; extra == 'y'\n"));
    view.add(one + "b_b-1.0.dist-info/METADATA", metadata("b-b"));
    view.add(one + "d-1.0.dist-info/METADATA", metadata("d"));
    view.add(one + "e-1.0.egg-info/PKG-INFO", metadata("e"));
    view.add(one + "e-1.0.egg-info/requires.txt", "d>=1\n\n[extra]\na\n");
    view.add("two/site-packages/c-1.0.dist-info/METADATA", metadata("c"));
    CHECK(test::edges_of(test::catalog(view)) == Strings{"a > b-b", "e > d"});
}

TEST_CASE("python: requirements are cut to their normalised name", "[sbom][python]") {
    CHECK(sbom::parse_requirement("Foo_Bar>=1,<2") == "foo-bar");
    CHECK(sbom::parse_requirement("foo @ https://x.example/extra==1") == "foo");
    CHECK(sbom::parse_requirement("foo ; os_name=='nt' and extra=='x'") == std::nullopt);
    CHECK(sbom::parse_requirement("foo;extra_thing=='x'") == "foo");
    CHECK(sbom::parse_requirement("") == std::nullopt);
}

TEST_CASE("python: an expression beats a text, a text beats classifiers", "[sbom][python]") {
    const auto licenses = [](std::string_view more) {
        return test::value_of(sbom::parse_python_metadata(metadata("a", more))).licenses;
    };
    const std::string classifier = "Classifier: License :: OSI Approved :: MIT License\n";
    CHECK(licenses("License-Expression: ISC\nLicense: BSD\n" + classifier) ==
          std::vector<License>{{Kind::id, "ISC"}});
    CHECK(licenses("License: BSD\n" + classifier) == std::vector<License>{{Kind::name, "BSD"}});
    CHECK(licenses("License: UNKNOWN\n" + classifier) == std::vector<License>{{Kind::id, "MIT"}});
    CHECK(licenses("License: Whole\n        text\n" + classifier) ==
          std::vector<License>{{Kind::id, "MIT"}});
    CHECK(licenses("Classifier: License :: OSI Approved :: BSD License\n") ==
          std::vector<License>{{Kind::name, "BSD License"}});
}

TEST_CASE("ownership: a deb and the dist-info it installed both stay, linked", "[sbom][dpkg]") {
    test::MemoryFileView view;
    view.add("etc/os-release", std::string(test::kDebian));
    view.add("var/lib/dpkg/status",
             "Package: python3-x\nStatus: install ok installed\nArchitecture: all\nVersion: 1\n");
    view.add("var/lib/dpkg/info/python3-x.md5sums",
             "00000000000000000000000000000000  lib/python3/dist-packages/x-1.0.egg-info/PKG-INFO\n"
             "00000000000000000000000000000000  lib/python3/dist-packages/y/PKG-INFO\n");
    view.link("lib", "usr/lib");
    view.add("usr/lib/python3/dist-packages/x-1.0.egg-info/PKG-INFO", metadata("x"));
    view.add("usr/lib/python3/dist-packages/z-1.0.egg-info/PKG-INFO", metadata("z"));
    const auto sbom = test::catalog(view);
    CHECK(test::names_of(sbom) == Strings{"python3-x 1", "x 1.0", "z 1.0"});
    CHECK(test::edges_of(sbom, sbom::Relationship::Kind::owned_by) == Strings{"x > python3-x"});
}

TEST_CASE("ownership: apk's file lists name owners too", "[sbom][apk]") {
    test::MemoryFileView view;
    view.add("etc/os-release", std::string(test::kAlpine));
    view.add("lib/apk/db/installed",
             "P:other\nV:1\nF:etc\nR:package.json\n\n"
             "P:npm\nV:10\nF:usr/lib/node_modules/npm\nR:package.json\n");
    view.add("etc/package.json", "{}");
    view.add("usr/lib/node_modules/npm/package.json", package_json("npm"));
    CHECK(test::edges_of(test::catalog(view), sbom::Relationship::Kind::owned_by) ==
          Strings{"npm > npm"});
}

TEST_CASE("catalogers: the number of threads does not change the result", "[sbom]") {
    test::MemoryFileView view;
    view.add("etc/os-release", std::string(test::kDebian));
    view.add("var/lib/dpkg/status", "Package: a\nVersion: 1\n\nPackage: b\nVersion: 1\n");
    view.add("node_modules/a/package.json", package_json("a"));
    view.add("site-packages/a-1.0.dist-info/METADATA", metadata("a"));
    const auto one = test::value_of(sbom::catalog(view, {}, {.jobs = 1}));
    const auto four = test::value_of(sbom::catalog(view, {}, {.jobs = 4}));
    CHECK(test::names_of(one) == test::names_of(four));
    REQUIRE(one.packages.size() == 4);
    for (std::size_t i = 0; i < one.packages.size(); ++i) {
        CHECK(sbom::reference_of(one.packages[i]) == sbom::reference_of(four.packages[i]));
    }
}

TEST_CASE("catalogers: every one has an id of its own and patterns that compile", "[sbom]") {
    Strings ids;
    const auto wants = sbom::all_wants();
    for (const sbom::CatalogerFactory make : sbom::cataloger_factories()) {
        ids.emplace_back(make()->id());
        CHECK_FALSE((make()->patterns().empty() && make()->scanners().empty()));
        CHECK(wants.version.find(" " + ids.back() + "/") != std::string::npos);
    }
    std::sort(ids.begin(), ids.end());
    CHECK(std::adjacent_find(ids.begin(), ids.end()) == ids.end());
    CHECK(walk::EntryRouter::compile(wants.spec()));
}
