// SPDX-License-Identifier: Apache-2.0
#include "sbom/catalogers/java_archive_scanner.hpp"
#include "sbom/catalogers/test_support.hpp"
#include "tests/support/zip_builder.hpp"

#include <string>

using namespace bulla;
using Catch::Matchers::Contains;
using test::Strings;
using test::ZipBuilder;

namespace {

test::MemoryFileView view() {
    return test::MemoryFileView({sbom::java_archive_scanner()});
}

std::string
properties(std::string_view group, std::string_view artifact, std::string_view version) {
    return "groupId=" + std::string(group) + "\nartifactId=" + std::string(artifact) +
           "\nversion=" + std::string(version) + "\n";
}

/// A jar as Maven builds it.
ZipBuilder
maven_jar(const std::string& group, const std::string& artifact, const std::string& version) {
    ZipBuilder jar;
    jar.add("META-INF/MANIFEST.MF",
            "Manifest-Version: 1.0\nCreated-By: Maven JAR Plugin 3.4.1\n\n");
    jar.add("META-INF/maven/" + group + "/" + artifact + "/pom.properties",
            properties(group, artifact, version));
    jar.add(artifact + ".class", "");
    return jar;
}

std::string unknown_of(const sbom::Sbom& sbom) {
    REQUIRE(sbom.unknowns.size() == 1);
    return sbom.unknowns[0].path + ": " + sbom.unknowns[0].reason;
}

} // namespace

TEST_CASE("java: a library in an application in an enterprise archive is found where it is",
          "[sbom][java]") {
    auto files = view();
    files.begin_layer("sha256:first");
    const Bytes library = maven_jar("org.example", "lib", "2.0").build();
    const Bytes web =
        maven_jar("org.example", "web", "1.0").add("WEB-INF/lib/lib-2.0.jar", library).build();
    files.add("opt/shop.ear",
              maven_jar("org.example", "shop", "1.0").add_deflated("web.war", web).build());
    files.begin_layer("sha256:second");
    files.add("opt/copy.jar", library);
    const auto sbom = test::catalog(files);

    CHECK(test::names_of(sbom) ==
          Strings{"org.example:lib 2.0", "org.example:shop 1.0", "org.example:web 1.0"});
    CHECK(test::edges_of(sbom) ==
          Strings{"org.example:shop > org.example:web", "org.example:web > org.example:lib"});
    const auto& package = test::package_named(sbom, "org.example:lib");
    CHECK(package.purl == "pkg:maven/org.example/lib@2.0");
    CHECK(package.occurrences ==
          std::vector<sbom::Occurrence>{{"opt/copy.jar", 1},
                                        {"opt/shop.ear!/web.war!/WEB-INF/lib/lib-2.0.jar", 0}});
    CHECK(sbom.unknowns.empty());
}

TEST_CASE("java: modules shaded into a jar are packages that it depends on", "[sbom][java]") {
    auto files = view();
    files.add("app.jar",
              maven_jar("org.example", "app", "1.0")
                  .add("META-INF/maven/org.other/base/pom.properties",
                       properties("org.other", "base", "3.1"))
                  .build());
    const auto sbom = test::catalog(files);
    CHECK(test::names_of(sbom) == Strings{"org.example:app 1.0", "org.other:base 3.1"});
    CHECK(test::edges_of(sbom) == Strings{"org.example:app > org.other:base"});
    CHECK(test::package_named(sbom, "org.other:base").occurrences[0].path ==
          "app.jar!/META-INF/maven/org.other/base");
}

TEST_CASE("java: libraries of an archive that is no package itself belong to the one around it",
          "[sbom][java]") {
    auto files = view();
    const Bytes bundle =
        ZipBuilder().add("lib.jar", maven_jar("org.example", "lib", "2.0").build()).build();
    files.add("app-1.0.jar",
              maven_jar("org.example", "app", "1.0").add("bundle.jar", bundle).build());
    CHECK(test::edges_of(test::catalog(files)) == Strings{"org.example:app > org.example:lib"});
}

TEST_CASE("java: an archive without a group has a name and no package URL", "[sbom][java]") {
    auto files = view();
    files.add("x/widget-1.0.jar", ZipBuilder().add("A.class", "").build());
    const auto sbom = test::catalog(files);
    CHECK(test::names_of(sbom) == Strings{"widget 1.0"});
    CHECK(sbom.packages[0].purl.empty());
    CHECK(sbom.packages[0].properties ==
          std::vector<sbom::Property>{{"java:identified-by", "file-name"}});
}

TEST_CASE("java: classes of which nothing tells the package are reported", "[sbom][java]") {
    auto files = view();
    files.add("app.jar", ZipBuilder().add("A.class", "").build());
    files.add("resources.jar", ZipBuilder().add("picture", "").build());
    const auto sbom = test::catalog(files);
    CHECK(sbom.packages.empty());
    CHECK_THAT(unknown_of(sbom), Contains("app.jar: neither"));
}

TEST_CASE("java: sources, documentation and instrumentation are not the library", "[sbom][java]") {
    auto files = view();
    files.add("lib-1.0-sources.jar",
              ZipBuilder()
                  .add("META-INF/MANIFEST.MF", "Manifest-Version: 1.0\n\n")
                  .add("META-INF/maven/g/lib/pom.properties", properties("g", "lib", "1.0"))
                  .build());
    files.add("lib-1.0-javadoc.jar", ZipBuilder().add("index.html", "").build());
    files.add("lib-2.0.jar",
              ZipBuilder()
                  .add("META-INF/MANIFEST.MF", "Weave-Classes: org.example.Lib\n\n")
                  .add("A.class", "")
                  .build());
    const auto sbom = test::catalog(files);
    CHECK(test::names_of(sbom).empty());
    CHECK(sbom.unknowns.empty());
}

TEST_CASE("java: a damaged jar is reported, a RAR archive of that ending is not", "[sbom][java]") {
    auto files = view();
    files.add("photos.rar", "Rar!\x1a\x07");
    files.add("lib-1.0.jar", maven_jar("g", "lib", "1.0").build().substr(0, 50));
    const auto sbom = test::catalog(files);
    CHECK(sbom.packages.empty());
    CHECK_THAT(unknown_of(sbom), Contains("lib-1.0.jar: not a sound zip"));
}

TEST_CASE("java: licences come from the POM, else from the bundle's header", "[sbom][java]") {
    auto files = view();
    const std::string manifest =
        "Bundle-License: https://opensource.org/licenses/MIT\nBundle-Vendor: Example\n\n";
    files.add("a-1.jar", ZipBuilder().add("META-INF/MANIFEST.MF", manifest).build());
    files.add("b-1.jar",
              ZipBuilder()
                  .add("META-INF/MANIFEST.MF", manifest)
                  .add("META-INF/maven/g/b/pom.xml",
                       "<project><groupId>g</groupId><artifactId>b</artifactId><version>1</version>"
                       "<licenses><license><name>Apache-2.0</name></license></licenses></project>")
                  .build());
    const auto sbom = test::catalog(files);
    CHECK(test::package_named(sbom, "a").licenses.at(0).value == "MIT");
    CHECK(test::package_named(sbom, "a").maintainer == "Example");
    const auto& pom = test::package_named(sbom, "g:b");
    REQUIRE(pom.licenses.size() == 1);
    CHECK(pom.licenses[0].value == "Apache-2.0");
}

TEST_CASE("java: a jar that a system package installed is owned by it, with all that is in it",
          "[sbom][java]") {
    auto files = view();
    files.add("etc/os-release", std::string(test::kDebian));
    files.add(
        "var/lib/dpkg/status",
        "Package: libx-java\nStatus: install ok installed\nVersion: 1\nArchitecture: all\n\n");
    files.add("var/lib/dpkg/info/libx-java.list", "/usr/share/java/x-1.0.jar\n");
    files.add("var/lib/dpkg/info/libx-java.md5sums",
              "0123456789abcdef0123456789abcdef  usr/share/java/x-1.0.jar\n");
    files.add("usr/share/java/x-1.0.jar",
              maven_jar("g", "x", "1.0").add("in.jar", maven_jar("g", "in", "2").build()).build());
    CHECK(test::edges_of(test::catalog(files), sbom::Relationship::Kind::owned_by) ==
          Strings{"g:in > libx-java", "g:x > libx-java"});
}
