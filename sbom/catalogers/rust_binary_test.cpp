// SPDX-License-Identifier: Apache-2.0
#include "base/core/limits.hpp"
#include "sbom/catalogers/executable_scanner.hpp"
#include "sbom/catalogers/rust_audit.hpp"
#include "sbom/catalogers/test_support.hpp"
#include "tests/support/elf_builder.hpp"

using namespace bulla;
using test::Strings;

namespace {

sbom::Sbom catalog_of(std::string_view json) {
    test::MemoryFileView view({sbom::executable_scanner()});
    view.add("usr/bin/tool", test::rust_program(json).build());
    return test::catalog(view);
}

std::string crate(std::string_view name, std::string_view more = "") {
    return R"({"name":")" + std::string(name) + R"(","version":"1.0.0","source":"crates.io")" +
           std::string(more) + "}";
}

std::string packages(std::string_view list) {
    return R"({"packages":[)" + std::string(list) + R"(],"format":1})";
}

} // namespace

TEST_CASE("rust: crates are packages with their real dependencies", "[sbom][rust]") {
    const auto sbom = catalog_of(packages(
        crate("a") + "," + crate("b", R"(,"dependencies":[0],"features":["x"])") +
        R"(,{"name":"tool","version":"2.1.0","source":"local","dependencies":[0,1],"root":true})"));
    CHECK(test::names_of(sbom) == Strings{"a 1.0.0", "b 1.0.0", "tool 2.1.0"});
    CHECK(test::edges_of(sbom) == Strings{"b > a", "tool > a", "tool > b"});
    CHECK(test::package_named(sbom, "a").purl == "pkg:cargo/a@1.0.0");
    CHECK(test::package_named(sbom, "a").occurrences ==
          std::vector<sbom::Occurrence>{{"usr/bin/tool", 0}});
    CHECK(sbom.unknowns.empty());
}

TEST_CASE("rust: a crate that is not of crates.io has no package URL that says it is",
          "[sbom][rust]") {
    const std::string source = GENERATE(as<std::string>(), "local", "git", "registry", "odd");
    const auto sbom =
        catalog_of(packages(R"({"name":"a","version":"1.0.0","source":")" + source + R"("})"));
    const auto& package = test::package_named(sbom, "a");
    CHECK(package.purl.empty());
    CHECK(package.properties == std::vector<sbom::Property>{{"cargo:source", source}});
}

TEST_CASE("rust: crates needed only while building are not in the program", "[sbom][rust]") {
    const auto sbom = catalog_of(packages(crate("cc", R"(,"kind":"build")") + "," +
                                          crate("a", R"(,"kind":"runtime")") + "," +
                                          crate("derive", R"(,"kind":"build","dependencies":[1])") +
                                          "," + crate("tool", R"(,"dependencies":[0,1,2])")));
    CHECK(test::names_of(sbom) == Strings{"a 1.0.0", "tool 1.0.0"});
    CHECK(test::edges_of(sbom) == Strings{"tool > a"});
}

TEST_CASE("rust: one name in two versions is two packages, a circle no trouble", "[sbom][rust]") {
    const auto sbom = catalog_of(
        packages(R"({"name":"a","version":"0.9.0","source":"crates.io","dependencies":[1]},)" +
                 crate("a", R"(,"dependencies":[0,1])")));
    CHECK(test::names_of(sbom) == Strings{"a 0.9.0", "a 1.0.0"});
    CHECK(test::edges_of(sbom) == Strings{"a > a", "a > a"});
}

TEST_CASE("rust: a list that cannot be read is an unknown", "[sbom][rust]") {
    const std::string json = GENERATE(as<std::string>(),
                                      "not JSON",
                                      "[]",
                                      R"({"packages":{}})",
                                      R"({"packages":[{}]})",
                                      R"({"packages":[7]})",
                                      R"({"packages":[],"packages":[]})",
                                      R"({"packages":[{"name":"a","source":"crates.io"}]})",
                                      R"({"packages":[{"name":"a","version":"1"}]})");
    CAPTURE(json);
    const auto sbom = catalog_of(json);
    CHECK(sbom.packages.empty());
    REQUIRE(sbom.unknowns.size() == 1);
    CHECK(sbom.unknowns[0].path == "usr/bin/tool");
}

TEST_CASE("rust: an index beyond the list is refused", "[sbom][rust]") {
    const std::string index = GENERATE(as<std::string>(), "1", "-1", "4294967296", "0.5", "\"0\"");
    const auto result =
        sbom::parse_rust_audit(packages(crate("a", ",\"dependencies\":[" + index + "]")));
    CHECK(test::error_of(result).code == ErrorCode::malformed);
    CHECK(sbom::parse_rust_audit(packages(crate("a", R"(,"dependencies":[0])"))));
}

TEST_CASE("rust: lists that are too deep, too long or of too many values are refused",
          "[sbom][rust]") {
    const std::string json =
        GENERATE(packages(std::string(1000, '[') + std::string(1000, ']')),
                 packages("[]") + std::string(limits::kRustAuditBytes, ' '),
                 packages("[0" + [] {
                     std::string zeros;
                     for (std::size_t i = 0; i < limits::kRustAuditValues; ++i) {
                         zeros += ",0";
                     }
                     return zeros;
                 }() + "]"));
    CHECK(test::error_of(sbom::parse_rust_audit(json)).code == ErrorCode::limit_exceeded);
}

TEST_CASE("rust: a section that is no zlib stream is an unknown", "[sbom][rust]") {
    test::MemoryFileView view({sbom::executable_scanner()});
    view.add("tool", test::ElfBuilder().section(".dep-v0", "plain text").build());
    const auto sbom = test::catalog(view);
    CHECK(sbom.packages.empty());
    REQUIRE(sbom.unknowns.size() == 1);
    CHECK_THAT(sbom.unknowns[0].reason, Catch::Contains("zlib"));
}
