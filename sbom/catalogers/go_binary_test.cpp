// SPDX-License-Identifier: Apache-2.0
#include "base/core/limits.hpp"
#include "sbom/catalogers/executable_scanner.hpp"
#include "sbom/catalogers/go_build_info.hpp"
#include "sbom/catalogers/test_support.hpp"
#include "tests/support/elf_builder.hpp"

using namespace bulla;
using test::Strings;

namespace {

test::MemoryFileView view_of(std::string_view modules, std::string_view toolchain = "go1.22.3") {
    test::MemoryFileView view({sbom::executable_scanner()});
    view.add("usr/bin/app", test::go_program(toolchain, modules).build());
    return view;
}

std::string property_of(const sbom::Package& package, std::string_view name) {
    std::string values;
    for (const auto& property : package.properties) {
        values += property.name == name ? property.value + ";" : "";
    }
    return values;
}

} // namespace

TEST_CASE("go: the main module, its dependencies and the standard library are packages",
          "[sbom][go]") {
    const auto sbom = test::catalog(view_of("path\tx.example/app/cmd/app\n"
                                            "mod\tx.example/app\tv1.4.0\th1:AA=\n"
                                            "dep\tx.example/a\tv0.1.0\th1:BB=\n"
                                            "dep\tx.example/b/v2\tv2.0.0+incompatible\th1:CC=\n"
                                            "build\t-compiler=gc\n"));
    CHECK(test::names_of(sbom) == Strings{"stdlib 1.22.3",
                                          "x.example/a v0.1.0",
                                          "x.example/app v1.4.0",
                                          "x.example/b/v2 v2.0.0+incompatible"});
    CHECK(test::edges_of(sbom) == Strings{"x.example/app > stdlib",
                                          "x.example/app > x.example/a",
                                          "x.example/app > x.example/b/v2"});
    CHECK(test::package_named(sbom, "stdlib").purl == "pkg:golang/stdlib@1.22.3");
    CHECK(test::package_named(sbom, "x.example/b/v2").purl ==
          "pkg:golang/x.example/b/v2@v2.0.0%2Bincompatible");
    const auto& main = test::package_named(sbom, "x.example/app");
    CHECK(main.occurrences == std::vector<sbom::Occurrence>{{"usr/bin/app", 0}});
    CHECK(property_of(main, "golang:h1") == "h1:AA=;");
    CHECK(property_of(main, "golang:package") == "x.example/app/cmd/app;");
    CHECK(property_of(main, "golang:architecture") == "amd64;");
    CHECK(sbom.unknowns.empty());
}

TEST_CASE("go: a main module of no known version has none, and the revision stays a remark",
          "[sbom][go]") {
    const auto sbom = test::catalog(view_of("path\tx.example/app\n"
                                            "mod\tx.example/app\t(devel)\t\n"
                                            "build\tvcs=git\n"
                                            "build\tvcs.revision=0123456789abcdef\n"
                                            "build\tvcs.time=2024-01-02T03:04:05Z\n"
                                            "build\tvcs.modified=true\n"));
    const auto& main = test::package_named(sbom, "x.example/app");
    CHECK(main.version.empty());
    CHECK(main.purl == "pkg:golang/x.example/app");
    CHECK(property_of(main, "golang:vcs-revision") == "0123456789abcdef;");
    CHECK(property_of(main, "golang:vcs-time") == "2024-01-02T03:04:05Z;");
    CHECK(property_of(main, "golang:vcs-modified") == "true;");
}

TEST_CASE("go: a version that Go stamped is kept as it is", "[sbom][go]") {
    const auto sbom = test::catalog(
        view_of("mod\tx.example/app\tv1.2.4-0.20240102030405-0123456789ab+dirty\t\n"));
    CHECK(test::package_named(sbom, "x.example/app").purl ==
          "pkg:golang/x.example/app@v1.2.4-0.20240102030405-0123456789ab%2Bdirty");
}

TEST_CASE("go: a replaced module is reported as what was built in its place", "[sbom][go]") {
    const auto sbom = test::catalog(view_of("mod\tx.example/app\tv1.0.0\t\n"
                                            "dep\tx.example/old\tv1.0.0\n"
                                            "=>\tx.example/fork\tv1.0.1\th1:DD=\n"
                                            "dep\tx.example/local\tv1.5.0\n"
                                            "=>\t./third_party/local\t(devel)\t\n"));
    CHECK(test::names_of(sbom) ==
          Strings{
              "stdlib 1.22.3", "x.example/app v1.0.0", "x.example/fork v1.0.1", "x.example/local"});
    const auto& fork = test::package_named(sbom, "x.example/fork");
    CHECK(property_of(fork, "golang:replaces") == "x.example/old@v1.0.0;");
    CHECK(property_of(fork, "golang:h1") == "h1:DD=;");
    CHECK(property_of(test::package_named(sbom, "x.example/local"), "golang:replaced-by") ==
          "./third_party/local;");
}

TEST_CASE("go: a folder is told from a module", "[sbom][go]") {
    for (const auto* path : {".", "..", "./x", "../x", "/x", "C:\\x", "c:/x", ".\\x"}) {
        CAPTURE(path);
        CHECK(sbom::is_local_go_path(path));
    }
    for (const auto* path : {"x", "x.example/a", ".x/a", "..x"}) {
        CAPTURE(path);
        CHECK_FALSE(sbom::is_local_go_path(path));
    }
}

TEST_CASE("go: only a released toolchain has a version", "[sbom][go]") {
    CHECK(sbom::go_release_of("go1.22.3") == "1.22.3");
    CHECK(sbom::go_release_of("go1.23rc1") == "1.23rc1");
    CHECK(sbom::go_release_of("go1.22.3 X:loopvar") == "1.22.3");
    CHECK(sbom::go_release_of("go1.26.0-X:jsonv2") == "1.26.0");
    CHECK(sbom::go_release_of("go1.19 gccgo (GCC) 12.2.0") == "1.19");
    CHECK(sbom::go_release_of("devel go1.24-0123abcd Tue Jan 2").empty());
    CHECK(sbom::go_release_of("gopher").empty());
    CHECK(sbom::go_release_of("go").empty());
    const auto sbom =
        test::catalog(view_of("mod\tx.example/app\tv1.0.0\t\n", "devel go1.24-0123abcd"));
    const auto& library = test::package_named(sbom, "stdlib");
    CHECK(library.purl == "pkg:golang/stdlib");
    CHECK(property_of(library, "golang:toolchain") == "devel go1.24-0123abcd;");
}

TEST_CASE("go: a package URL is lower case, the name as recorded", "[sbom][go]") {
    const auto sbom = test::catalog(view_of("dep\tgithub.com/BurntSushi/toml\tv1.0.0\t\n"));
    CHECK(test::package_named(sbom, "github.com/BurntSushi/toml").purl ==
          "pkg:golang/github.com/burntsushi/toml@v1.0.0");
}

TEST_CASE("go: one module in two programs is one package in two places", "[sbom][go]") {
    auto view = view_of("mod\tx.example/app\tv1.0.0\t\ndep\tx.example/a\tv1.0.0\t\n");
    view.begin_layer("sha256:layer1");
    view.add(
        "opt/other",
        test::go_program("go1.22.3", "mod\tx.example/other\tv1.0.0\t\ndep\tx.example/a\tv1.0.0\t\n")
            .build());
    const auto sbom = test::catalog(view);
    CHECK(test::package_named(sbom, "x.example/a").occurrences.size() == 2);
    CHECK(test::edges_of(sbom).size() == 4);
}

TEST_CASE("go: a program without modules is still built from a standard library", "[sbom][go]") {
    CHECK(test::names_of(test::catalog(view_of(""))) == Strings{"stdlib 1.22.3"});
}

TEST_CASE("go: a list of modules that cannot be read is an unknown, the toolchain stays",
          "[sbom][go]") {
    const std::string modules = GENERATE(as<std::string>(),
                                         "mod\t\tv1.0.0\t\n",
                                         "dep\tx.example/a\n",
                                         "dep\ta\tv1\th1:x\tmore\n",
                                         "=>\tx.example/fork\tv1\t\n",
                                         "dep\ta\tv1\n=>\tb\tv1\t\n=>\tc\tv1\t\n");
    CAPTURE(modules);
    const auto sbom = test::catalog(view_of(modules));
    CHECK(test::names_of(sbom) == Strings{"stdlib 1.22.3"});
    REQUIRE(sbom.unknowns.size() == 1);
    CHECK(sbom.unknowns[0].path == "usr/bin/app");
}

TEST_CASE("go: more modules than any program has are refused", "[sbom][go]") {
    std::string modules;
    for (std::size_t i = 0; i <= limits::kGoModules; ++i) {
        modules += "dep\ta\tv1\n";
    }
    CHECK(test::error_of(sbom::parse_go_build_info(modules)).code == ErrorCode::limit_exceeded);
    modules.resize(modules.size() - 9);
    CHECK(test::value_of(sbom::parse_go_build_info(modules)).modules.size() == limits::kGoModules);
}

TEST_CASE("go: damaged build information is an unknown", "[sbom][go]") {
    auto elf = test::ElfBuilder();
    elf.segment(test::kRead | test::kWrite, 0x500000, std::string(test::kGoInfoMagic) + "\x08\x02");
    elf.section_in_segment(".go.buildinfo", 0, 0, 16);
    test::MemoryFileView view({sbom::executable_scanner()});
    view.add("app", elf.build());
    const auto sbom = test::catalog(view);
    CHECK(sbom.packages.empty());
    REQUIRE(sbom.unknowns.size() == 1);
    CHECK_THAT(sbom.unknowns[0].reason, Catch::Contains(".go.buildinfo"));
}
