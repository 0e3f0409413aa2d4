// SPDX-License-Identifier: Apache-2.0
#include "sbom/catalogers/java_identity.hpp"
#include "sbom/catalogers/java_manifest.hpp"
#include "sbom/catalogers/java_pom.hpp"
#include "sbom/licenses/java.hpp"
#include "tests/support/catch.hpp"

#include <string>

using namespace bulla;
using namespace bulla::sbom;

namespace {

std::string split(std::string_view stem) {
    const JarName name = split_jar_name(stem);
    return std::string(name.name) + "|" + std::string(name.version);
}

JavaModule module_of(std::string group, std::string artifact, std::string version) {
    JavaModule module;
    module.group = std::move(group);
    module.artifact = std::move(artifact);
    module.version = std::move(version);
    module.folder = "META-INF/maven/" + module.group + "/" + module.artifact;
    module.has_properties = true;
    return module;
}

/// "group:artifact:version by evidence" of an archive, or "nothing".
std::string identity(const JavaArchive& archive, std::string_view file) {
    const auto found = identify_java_archive(archive, file);
    return found ? found->group + ":" + found->artifact + ":" + found->version + " by " +
                       std::string(to_string(found->evidence))
                 : "nothing";
}

JavaArchive manifest_of(std::vector<std::pair<std::string, std::string>> attributes) {
    JavaArchive archive;
    archive.has_manifest = true;
    archive.attributes = std::move(attributes);
    return archive;
}

} // namespace

TEST_CASE("java: a file name is split where its version begins", "[sbom][java]") {
    CHECK(split("guava-33.0.0-jre") == "guava|33.0.0-jre");
    CHECK(split("commons-lang3-3.12.0") == "commons-lang3|3.12.0");
    CHECK(split("spring-core-6.0.0-SNAPSHOT") == "spring-core|6.0.0-SNAPSHOT");
    CHECK(split("log4j-1.2-api-2.20.0") == "log4j-1.2-api|2.20.0"); // a known artifact
    CHECK(split("scala-xml_2.13-2.1.0") == "scala-xml_2.13|2.1.0");
    CHECK(split("org.eclipse.osgi_3.18.0.v2022") == "org.eclipse.osgi|3.18.0.v2022");
    CHECK(split("guava-r09") == "guava|r09");
    CHECK(split("widget-rc1") == "widget|rc1");
    CHECK(split("widget-build7") == "widget|build7");
    CHECK(split("netty-transport-native-epoll-4.1.100.Final-linux-x86_64") ==
          "netty-transport-native-epoll|4.1.100.Final");
    CHECK(split("jsr305") == "jsr305|");
    CHECK(split("app") == "app|");
    CHECK(split("-1") == "-1|");
    CHECK(split("x-") == "x-|");
    CHECK(split("").starts_with('|'));
}

TEST_CASE("java: groups of well-known artifacts are found, others are not", "[sbom][java]") {
    CHECK(find_java_group("spring-core") == "org.springframework");
    CHECK(find_java_group("commons-io") == "commons-io");
    CHECK(find_java_group("tomcat-catalina") == "org.apache.tomcat");
    CHECK(find_java_group("log4j-1.2-api") == "org.apache.logging.log4j");
    CHECK(find_java_group("FastInfoset")); // the first of the table
    for (const std::string_view none : {"", "a", "zzzz", "spring-cor", "spring-core ", "core"}) {
        INFO(none);
        CHECK_FALSE(find_java_group(none));
    }
}

TEST_CASE("java: the module that the file name fits is the archive itself", "[sbom][java]") {
    JavaArchive archive;
    archive.modules = {module_of("org.example", "base", "1.0"),
                       module_of("org.example", "base-more", "1.0"),
                       module_of("org.other", "thing", "2.0")};
    CHECK(identity(archive, "base-1.0.jar") == "org.example:base:1.0 by pom.properties");
    CHECK(identity(archive, "base-more-1.0.jar") == "org.example:base-more:1.0 by pom.properties");
    CHECK(identity(archive, "base-more.jar") == "org.example:base-more:1.0 by pom.properties");
    CHECK(identity(archive, "org.other.thing-2.0.jar") == "org.other:thing:2.0 by pom.properties");
    // The records are what was built; the name is what somebody called it.
    CHECK(identity(archive, "thing-3.jar") == "org.other:thing:2.0 by pom.properties");
    CHECK(identity(archive, "thing-all.jar") == "org.other:thing:2.0 by pom.properties");
    CHECK(identity(archive, "thing-else.jar") == "nothing");
    CHECK(identity(archive, "all.jar") == "nothing");
}

TEST_CASE("java: the only module of a renamed archive counts if Maven or the manifest says so",
          "[sbom][java]") {
    JavaArchive archive;
    archive.modules = {module_of("org.example", "shop", "1.4")};
    archive.has_classes = true;
    CHECK(identity(archive, "app.jar") == "nothing");
    archive.has_manifest = true;
    CHECK(identity(archive, "app.jar") == "nothing"); // something that has swallowed it
    archive.attributes = {{"Created-By", "Maven JAR Plugin 3.4.1"}};
    CHECK(identity(archive, "app.jar") == "org.example:shop:1.4 by pom.properties");
    archive.attributes = {{"Implementation-Title", "shop"}};
    CHECK(identity(archive, "app.jar") == "org.example:shop:1.4 by pom.properties");
    archive.attributes = {};
    archive.modules[0].has_properties = false;
    CHECK(identity(archive, "app.jar") == "org.example:shop:1.4 by pom.xml");
}

TEST_CASE("java: without records the manifest and the file name tell", "[sbom][java]") {
    CHECK(identity(manifest_of({}), "spring-core-6.1.2.jar") ==
          "org.springframework:spring-core:6.1.2 by file-name");
    CHECK(identity(
              manifest_of({{"Implementation-Version", "9.0.7"},
                           {"Bundle-SymbolicName", "org.apache.tomcat-catalina;singleton:=true"}}),
              "catalina.jar") == "org.apache.tomcat:catalina:9.0.7 by manifest");
    CHECK(identity(manifest_of({{"Bundle-SymbolicName", "org.example.widgets"},
                                {"Bundle-Version", "1.2.3.release"}}),
                   "widgets-1.2.3.jar") == "org.example:widgets:1.2.3 by file-name");
    CHECK(identity(manifest_of({{"Group-Id", "org.jenkins-ci.plugins"},
                                {"Short-Name", "git"},
                                {"Plugin-Version", "5.2.0"}}),
                   "git.jpi") == "org.jenkins-ci.plugins:git:5.2.0 by manifest");
    CHECK(identity(manifest_of({{"Implementation-Title", "tool"},
                                {"Implementation-Vendor-Id", "com.example"},
                                {"Implementation-Version", "4.0 build 7"}}),
                   "renamed.jar") == ":tool:4.0 by manifest"); // a vendor is no group
}

TEST_CASE("java: nothing is invented", "[sbom][java]") {
    JavaArchive bare;
    CHECK(identity(bare, "x-1.0.jar") == "nothing"); // neither a manifest nor a class
    bare.has_classes = true;
    CHECK(identity(bare, "x-1.0.jar") == ":x:1.0 by file-name");
    CHECK(identity(bare, "x.jar") == "nothing");
    CHECK(identity(manifest_of({{"Created-By", "17 (Example)"}}), "app.jar") == "nothing");
    CHECK(identity(manifest_of({{"Implementation-Version", "${project.version}"}}), "app.jar") ==
          "nothing");
    CHECK(identity(manifest_of({{"Group-Id", "Example Inc."}}), "x-1.jar") == ":x:1 by file-name");
    // A manifest that names it and tells no version.
    CHECK(identity(manifest_of({{"Implementation-Title", "tool"}}), "t.jar") ==
          ":tool: by manifest");
    CHECK_FALSE(identify_java_module(module_of("g", "a", "${revision}")));
    CHECK_FALSE(identify_java_module(module_of("g", "a b", "1")));
}

TEST_CASE("java: manifest lines are joined at any byte and end in three ways", "[sbom][java]") {
    const auto value = [](std::string_view text, std::string_view name) {
        JavaArchive archive;
        archive.attributes = parse_java_manifest(text).attributes;
        return std::string(archive.attribute(name));
    };
    for (const std::string_view text :
         {"Manifest-Version: 1.0\r\nImplementation-Ti: x\r\nBundle-Version: 1.\r\n 2\r\n .3\r\n",
          "Manifest-Version: 1.0\nBundle-Version: 1.\n 2\n .3",
          "Manifest-Version: 1.0\rBundle-Version: 1.\r 2\r .3\r\r"}) {
        CHECK(value(text, "bundle-version") == "1.2.3");
    }
    CHECK(value("Import-Package: a\n ,b\nBundle-Version: 1\n", "Bundle-Version") == "1");
    CHECK(value(" 1\nBundle-Version\nno colon: \n: x\n", "Bundle-Version").empty());
}

TEST_CASE("java: the main section of a manifest wins, and later sections add to it",
          "[sbom][java]") {
    const auto manifest = parse_java_manifest("Bundle-Version: 1\n\nName: org/example/\n"
                                              "Bundle-Version: 2\nImplementation-Version: 3\n\n"
                                              "Name: other/\nImplementation-Version: 4\n");
    CHECK(manifest.main_section_ended);
    CHECK(manifest.attributes ==
          decltype(manifest.attributes){{"Bundle-Version", "1"}, {"Implementation-Version", "3"}});
    CHECK_FALSE(parse_java_manifest("Bundle-Version: 1\n").main_section_ended);
    CHECK(parse_java_manifest("Name: x\n\n").attributes.size() == 1);
}

TEST_CASE("java: pom.properties is read with either separator", "[sbom][java]") {
    JavaModule module;
    parse_pom_properties(
        "#Generated by Maven\r\ngroupId=org.example\r\nartifactId: app\nversion = 1.0\n"
        "version.more=2",
        module);
    CHECK((module.group == "org.example" && module.artifact == "app" && module.version == "1.0"));
    CHECK(module.has_properties);
    JavaModule templated;
    parse_pom_properties("version=${project.version}\nartifactId\n=\n", templated);
    CHECK((templated.version.empty() && templated.artifact.empty()));
}

TEST_CASE("java: a POM inherits from its parent and knows its own properties", "[sbom][java]") {
    JavaModule module;
    test::value_of(parse_pom_xml(
        "<project><parent><groupId>org.example</groupId><version>1.0</version></parent>"
        "<artifactId>${base}-api</artifactId><version>${revision}</version>"
        "<properties><base>app</base><revision>${major}.1</revision><major>2</major></properties>"
        "<description>\n  Two\n  lines </description><url>https://example.org</url>"
        "<licenses><license><name>MIT License</name></license><license/></licenses></project>",
        module));
    CHECK(
        (module.group == "org.example" && module.artifact == "app-api" && module.version == "2.1"));
    CHECK(module.description == "Two lines");
    CHECK(module.url == "https://example.org");
    CHECK(module.licenses == decltype(module.licenses){{"MIT License", ""}, {"", ""}});

    JavaModule inherited;
    test::value_of(parse_pom_xml("<project><parent><groupId>g</groupId><artifactId>p</artifactId>"
                                 "<version>3</version></parent><artifactId>a</artifactId>"
                                 "<version>${project.parent.version}</version></project>",
                                 inherited));
    CHECK((inherited.group == "g" && inherited.version == "3"));
}

TEST_CASE("java: a POM's unknown and endless properties are no values", "[sbom][java]") {
    JavaModule module;
    test::value_of(
        parse_pom_xml("<project><groupId>${nowhere}</groupId><artifactId>${a}</artifactId>"
                      "<version>${broken</version><properties><a>${b}</a><b>${a}x</b></properties>"
                      "</project>",
                      module));
    CHECK((module.group.empty() && module.artifact.empty() && module.version.empty()));
    // What pom.properties said stays.
    JavaModule built = module_of("org.example", "app", "1.0");
    test::value_of(parse_pom_xml("<project><version>${x}</version></project>", built));
    CHECK(built.version == "1.0");
    CHECK_FALSE(parse_pom_xml("<html/>", module));
    CHECK_FALSE(parse_pom_xml("groupId=x", module));
}

TEST_CASE("java: licences of POMs and bundles become identifiers where they mean one",
          "[sbom][java][license]") {
    using Kind = License::Kind;
    const License apache{Kind::id, "Apache-2.0"};
    CHECK(classify_pom_license("The Apache Software License, Version 2.0", "") == apache);
    CHECK(classify_pom_license("Apache-2.0", "x") == apache);
    CHECK(classify_pom_license("ASF", "https://www.apache.org/licenses/LICENSE-2.0.txt") == apache);
    CHECK(classify_pom_license("", "http://www.apache.org/licenses/LICENSE-2.0.html") == apache);
    CHECK(classify_pom_license("BSD", "") == License{Kind::name, "BSD"});
    CHECK(classify_pom_license("", "https://example.org/l") ==
          License{Kind::name, "https://example.org/l"});

    using Licenses = std::vector<License>;
    CHECK(parse_bundle_license("Apache License, Version 2.0") == Licenses{apache});
    CHECK(parse_bundle_license("\"Apache-2.0\";link=\"https://example.org/\"") == Licenses{apache});
    CHECK(parse_bundle_license("https://opensource.org/licenses/MIT, "
                               "https://www.apache.org/licenses/LICENSE-2.0.txt;description=x") ==
          Licenses{{Kind::id, "MIT"}, apache});
    CHECK(parse_bundle_license("Our own, with a comma") ==
          Licenses{{Kind::name, "Our own, with a comma"}});
    CHECK(parse_bundle_license("<<EXTERNAL>>").empty());
    CHECK(parse_bundle_license("").empty());
}
