// SPDX-License-Identifier: Apache-2.0
#include "base/core/limits.hpp"
#include "base/walk/entry_router.hpp"
#include "sbom/catalogers/java_archive_parts.hpp"
#include "sbom/catalogers/java_archive_scanner.hpp"
#include "sbom/catalogers/java_facts.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/zip_builder.hpp"

#include <algorithm>
#include <string>
#include <vector>

using namespace bulla;
using namespace bulla::sbom;
using Catch::Matchers::Contains;
using test::ZipBuilder;
using Strings = std::vector<std::string>;

namespace {

JavaFacts scan(ByteView bytes) {
    return test::value_of(scan_java_archive(MemoryAccess(bytes)));
}

/// Where each archive is, the file itself being "x".
Strings places(const JavaFacts& facts) {
    Strings list;
    for (std::uint32_t i = 0; i < facts.archives.size(); ++i) {
        list.push_back(place_of(facts, i, "x"));
    }
    return list;
}

/// "place: reason" of each problem.
Strings problems(const JavaFacts& facts) {
    Strings list;
    for (const JavaProblem& problem : facts.problems) {
        list.push_back(place_of(facts, problem.archive, "x") +
                       (problem.path.empty() ? "" : "!/" + problem.path) + ": " + problem.reason);
    }
    return list;
}

Bytes jar_in_jars(std::size_t depth, bool deflated) {
    Bytes jar = ZipBuilder().add("a.class", "").build();
    for (std::size_t i = 1; i < depth; ++i) {
        jar = deflated ? ZipBuilder().add_deflated("in.jar", jar).build()
                       : ZipBuilder().add("in.jar", jar).build();
    }
    return jar;
}

const std::string kManifestName = "META-INF/MANIFEST.MF";

} // namespace

TEST_CASE("java archive: endings in any case are archives, others are not", "[sbom][java]") {
    const auto kind = java_archive_scanner();
    const auto wanted = [&](std::string_view path) {
        return std::any_of(kind.globs.begin(), kind.globs.end(), [&](std::string_view glob) {
            return walk::matches_glob(glob, path);
        });
    };
    for (const std::string_view path : {"a.jar",
                                        "opt/b.JAR",
                                        "c.War",
                                        "d.eAr",
                                        "e.par",
                                        "f.sar",
                                        "g.nar",
                                        "h.jpi",
                                        "i.hpi",
                                        "j.kar",
                                        "k.far",
                                        "l.lpkg",
                                        "m.LPKG",
                                        "n.rar"}) {
        INFO(path);
        CHECK(wanted(path));
        CHECK(is_java_archive_name(path));
    }
    for (const std::string_view path : {"a.zip", "ajar", "jar", "a.jar/b", "a.jar.txt", "a.jmod"}) {
        INFO(path);
        CHECK_FALSE(wanted(path));
        CHECK_FALSE(is_java_archive_name(path));
    }
}

TEST_CASE("java archive: a jar of another name is recognised by its first entry", "[sbom][java]") {
    const auto recognises = java_archive_scanner().recognises;
    CHECK(recognises(ZipBuilder().add("META-INF/", "").add(kManifestName, "").build()));
    CHECK_FALSE(recognises(ZipBuilder().add("word/document.xml", Bytes(64, ' ')).build()));
    CHECK_FALSE(recognises(Bytes(64, 'M')));
}

TEST_CASE("java archive: manifest, records and classes are found, templates are not",
          "[sbom][java]") {
    const auto facts = scan(
        ZipBuilder()
            .add("meta-inf/manifest.mf", "Bundle-Version: 1\n\n")
            .add("META-INF/maven/g/a/pom.properties", "groupId=g\nartifactId=a\nversion=1\n")
            .add("META-INF/maven/g/a/pom.xml", "<project><description>d</description></project>")
            .add("WEB-INF/classes/META-INF/maven/h/b/pom.xml",
                 "<project><groupId>h</groupId><artifactId>b</artifactId>"
                 "<version>2</version></project>")
            .add("archetype-resources/pom.xml", "<project>${x}</project>")
            .add("pom.xml", "not read")
            .add("a/B.class", "")
            .build());
    REQUIRE(facts.archives.size() == 1);
    const JavaArchive& archive = facts.archives[0];
    CHECK((archive.has_manifest && archive.has_classes && archive.is_zip));
    CHECK(archive.attribute("Bundle-Version") == "1");
    REQUIRE(archive.modules.size() == 2);
    CHECK((archive.modules[0].artifact == "a" && archive.modules[0].has_properties));
    CHECK(archive.modules[0].description == "d");
    CHECK((archive.modules[1].artifact == "b" && !archive.modules[1].has_properties));
    CHECK(problems(facts).empty());
}

TEST_CASE("java archive: nested archives are read, stored and deflated, with names as they are",
          "[sbom][java]") {
    const Bytes inner = ZipBuilder().add("a.class", "").build();
    const Bytes middle =
        ZipBuilder().add("WEB-INF/lib/s.jar", inner).add_deflated("../../d.jar", inner).build();
    const auto facts = scan(ZipBuilder().add_deflated("w.war", middle).add("x.txt", "").build());
    CHECK(places(facts) ==
          Strings{"x", "x!/w.war", "x!/w.war!/WEB-INF/lib/s.jar", "x!/w.war!/../../d.jar"});
    CHECK((facts.archives[2].has_classes && facts.archives[3].has_classes));
    CHECK(problems(facts).empty());
}

TEST_CASE("java archive: a large nested archive goes through a file and comes out the same",
          "[sbom][java]") {
    const Bytes inner = ZipBuilder()
                            .add("filler", Bytes(limits::kNestedArchiveInMemoryBytes, 'f'))
                            .add("a.class", "")
                            .build();
    const auto facts = scan(ZipBuilder().add_deflated("in.jar", inner).build());
    REQUIRE(facts.archives.size() == 2);
    CHECK(facts.archives[1].has_classes);
}

TEST_CASE("java archive: jars in jars fifty deep end in one clear problem", "[sbom][java]") {
    for (const bool deflated : {false, true}) {
        const auto facts = scan(jar_in_jars(50, deflated));
        CHECK(facts.archives.size() == limits::kArchiveDepth);
        REQUIRE(problems(facts).size() == 1);
        CHECK_THAT(problems(facts)[0], Contains("8 deep"));
        CHECK(problems(scan(jar_in_jars(limits::kArchiveDepth, deflated))).empty());
    }
}

TEST_CASE("java archive: damage in one place is a problem of that place alone", "[sbom][java]") {
    const Bytes good = ZipBuilder().add("a.class", "").build();
    const auto facts =
        scan(ZipBuilder()
                 .add({.name = kManifestName, .content = "x: 1\n", .crc32 = 7})
                 .add({.name = "e.jar", .content = good, .flags = 1})
                 .add("cut.jar", good.substr(0, good.size() - 1))
                 .add({.name = "named.jar", .content = good, .local_name = "other.jar"})
                 .add("good.jar", good)
                 .build());
    const Strings list = problems(facts);
    REQUIRE(list.size() == 4);
    CHECK_THAT(list[0], Contains("x!/META-INF/MANIFEST.MF: ") && Contains("CRC-32"));
    CHECK_THAT(list[1], Contains("x!/e.jar: ") && Contains("encrypted"));
    CHECK_THAT(list[2], Contains("x!/cut.jar: ") && Contains("not a sound zip"));
    CHECK_THAT(list[3], Contains("x!/named.jar: ") && Contains("another name"));
    CHECK(places(facts) == Strings{"x", "x!/cut.jar", "x!/good.jar"});
}

TEST_CASE("java archive: what is no zip at all is told apart from a damaged one", "[sbom][java]") {
    CHECK_FALSE(scan("Rar!\x1a\x07 something else").archives[0].is_zip);
    CHECK_FALSE(scan("").archives[0].is_zip);
    const auto cut = scan(ZipBuilder().add("a", "1").build().substr(0, 30));
    CHECK(cut.archives[0].is_zip);
    CHECK(cut.problems.size() == 1);
}

TEST_CASE("java archive: a manifest without end is read no further than needed", "[sbom][java]") {
    // Its main section ends early: what follows is digests.
    std::string digests = "Implementation-Title: t\n\n";
    digests.resize(limits::kJarManifestBytes * 4, 'd');
    auto facts = scan(ZipBuilder().add_deflated(kManifestName, digests).build());
    CHECK(facts.archives[0].attribute("Implementation-Title") == "t");
    CHECK(problems(facts).empty());

    // 100 MB of one line, in 660 KB.
    const std::size_t copies = 400'000;
    facts = scan(ZipBuilder()
                     .add({.name = kManifestName,
                           .content = Bytes(test::length_of_run(copies), 'a'),
                           .deflated = test::deflate_run(copies)})
                     .build());
    REQUIRE(problems(facts).size() == 1);
    CHECK_THAT(problems(facts)[0], Contains("MANIFEST.MF"));
}

TEST_CASE("java archive: bombs inside are given up, and the rest is read", "[sbom][java]") {
    const std::size_t copies = 20'000;
    const Bytes run(test::length_of_run(copies), 'a');
    const auto facts =
        scan(ZipBuilder()
                 .add({.name = "bomb.jar", .content = run, .deflated = test::deflate_run(copies)})
                 .add({.name = "META-INF/maven/g/a/pom.xml",
                       .content = run,
                       .deflated = test::deflate_run(copies)})
                 .add("good.jar", ZipBuilder().build())
                 .build());
    const Strings list = problems(facts);
    REQUIRE(list.size() == 2);
    CHECK_THAT(list[0], Contains("pom.xml: expected at most"));
    CHECK_THAT(list[1], Contains("bomb.jar: ") && Contains("inflates to more"));
    CHECK(places(facts) == Strings{"x", "x!/good.jar"});
}

TEST_CASE("java archive: more problems than are listed are counted", "[sbom][java]") {
    ZipBuilder zip;
    for (std::size_t i = 0; i < limits::kArchiveProblems + 5; ++i) {
        zip.add(std::to_string(i) + ".jar", "no");
    }
    const auto facts = scan(zip.build());
    CHECK(facts.problems.size() == limits::kArchiveProblems);
    CHECK(facts.more_problems == 5);
}

TEST_CASE("java archive: what all archives say of themselves is bounded", "[sbom][java]") {
    std::string manifest;
    for (const std::string_view name : {"Bundle-Name", "Bundle-Vendor", "Implementation-Title"}) {
        manifest += std::string(name) + ": " + std::string(limits::kPackageFieldBytes, 'n') + "\n";
    }
    const Bytes inner = ZipBuilder().add(kManifestName, manifest + "\n").build();
    ZipBuilder zip;
    const std::size_t fit = limits::kArchiveFactsBytes / (3 * limits::kPackageFieldBytes);
    for (std::size_t i = 0; i < fit + 20; ++i) {
        zip.add(std::to_string(i) + ".jar", inner);
    }
    const auto facts = scan(zip.build());
    CHECK(facts.archives.size() < fit + 2);
    REQUIRE(problems(facts).size() == 1);
    CHECK_THAT(problems(facts)[0], Contains("the rest is not read"));
    CHECK(encode_java_facts(facts).size() < limits::kScanFactsBytes);
}

TEST_CASE("java archive: the scanner takes the file in pieces, in memory or beyond",
          "[sbom][java]") {
    for (const std::size_t filler : {std::size_t{10}, limits::kArchiveInMemoryBytes}) {
        const Bytes jar = ZipBuilder()
                              .add("filler", Bytes(filler, 'f'))
                              .add("in.jar", ZipBuilder().build())
                              .build();
        const auto scanner = java_archive_scanner().make(jar.size(), walk::ScanEffort::streaming);
        for (std::size_t at = 0; at < jar.size(); at += 100'000) {
            REQUIRE(scanner->feed(ByteView(jar).substr(at, 100'000)));
        }
        const auto result = test::value_of(scanner->finish());
        CHECK_FALSE(result.incomplete);
        CHECK(places(test::value_of(decode_java_facts(result.facts))) == Strings{"x", "x!/in.jar"});
    }
}

TEST_CASE("java archive: a file beyond any real archive is reported and not held", "[sbom][java]") {
    const auto scanner =
        java_archive_scanner().make(limits::kArchiveFileBytes + 1, walk::ScanEffort::streaming);
    REQUIRE(scanner->feed("some of it"));
    const auto facts = test::value_of(decode_java_facts(test::value_of(scanner->finish()).facts));
    REQUIRE(problems(facts).size() == 1);
    CHECK_THAT(problems(facts)[0], Contains("expected an archive of at most"));
}

TEST_CASE("java facts: what is encoded is what is decoded, and again the same bytes",
          "[sbom][java]") {
    auto facts =
        scan(ZipBuilder()
                 .add(kManifestName, "Bundle-License: \xFF\"x\"\n\n")
                 .add("META-INF/maven/g/a/pom.xml",
                      "<project><artifactId>a</artifactId><licenses><license><name>n</name>"
                      "<url>u</url></license></licenses></project>")
                 .add("in.jar", ZipBuilder().build())
                 .add("bad.rar", "x")
                 .build());
    facts.more_problems = 3;
    const Bytes bytes = encode_java_facts(facts);
    const auto decoded = test::value_of(decode_java_facts(bytes));
    CHECK(encode_java_facts(decoded) == bytes);
    CHECK(decoded.archives.size() == 3);
    CHECK_FALSE(decoded.archives[2].is_zip);
    CHECK(decoded.archives[0].modules.at(0).licenses.at(0).second == "u");
    CHECK(decoded.problems.size() == 1);
}

TEST_CASE("java facts: foreign facts are refused where they do not hold", "[sbom][java]") {
    const std::string schema = R"({"schema":"bulla.java-archive/1","archives":)";
    const std::string file = R"({"manifest":true,"classes":false})";
    REQUIRE(decode_java_facts(schema + "[" + file + "]}"));
    for (const std::string& bad :
         {std::string("{}"),
          std::string("x"),
          schema + "[]}",
          schema + "[{}]}",
          std::string(R"({"schema":"bulla.java-archive/2","archives":[)") + file + "]}",
          schema + R"([{"parent":0,"manifest":true,"classes":true}]})",
          schema + "[" + file + "," + file + "]}",
          schema + "[" + file + R"(,{"parent":1,"manifest":true,"classes":true}]})",
          schema + "[" + file + R"(,{"parent":-1,"manifest":true,"classes":true}]})",
          schema + "[" + file + R"(,{"parent":"0","manifest":true,"classes":true}]})",
          schema + R"([{"manifest":1,"classes":true}]})",
          schema + R"([{"manifest":true,"classes":true,"attributes":[["a"]]}]})",
          schema + R"([{"manifest":true,"classes":true,"attributes":[["a","b","c"]]}]})",
          schema + R"([{"manifest":true,"classes":true,"modules":[{"folder":"f"}]}]})",
          schema + "[" + file + R"(],"problems":[{"archive":1}]})",
          schema + "[" + file + R"(],"problems":[{}]})"}) {
        INFO(bad);
        CHECK(test::error_of(decode_java_facts(bad)).code == ErrorCode::malformed);
    }
}
