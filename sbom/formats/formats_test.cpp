// SPDX-License-Identifier: Apache-2.0
#include "base/json/json.hpp"
#include "sbom/formats/dependency_graph.hpp"
#include "sbom/formats/formats.hpp"
#include "sbom/formats/sample_sbom.hpp"
#include "sbom/formats/subject_reference.hpp"
#include "tests/support/catch.hpp"

#include <algorithm>

using namespace bulla;
using sbom::License;
using sbom::Relationship;
using Kind = sbom::License::Kind;
using Strings = std::vector<std::string>;

namespace {
std::string encode(const sbom::Sbom& sbom,
                   std::string_view version = "1.7",
                   const sbom::EncodeOptions& options = {}) {
    const auto encoder = test::value_of(sbom::find_encoder("cyclonedx-json", version));
    return test::value_of(encoder->encode(sbom, options));
}

json::Document parse(std::string_view text) {
    return test::value_of(json::Document::parse(text));
}

json::Value component(const json::Document& document, std::string_view name) {
    for (const json::Value value : document.root()["components"].elements()) {
        if (value["name"].string() == name) {
            return value;
        }
    }
    FAIL("no component " << name);
    return {};
}

Strings depends_on(const json::Document& document, std::string_view reference) {
    Strings found;
    for (const json::Value entry : document.root()["dependencies"].elements()) {
        if (entry["ref"].string() == reference) {
            for (const json::Value target : entry["dependsOn"].elements()) {
                found.push_back(target.string_or(""));
            }
        }
    }
    return found;
}

std::vector<std::uint32_t> roots(std::size_t packages,
                                 std::vector<std::pair<std::uint32_t, std::uint32_t>> edges) {
    std::vector<Relationship> relationships;
    std::sort(edges.begin(), edges.end());
    for (const auto& [from, to] : edges) {
        relationships.push_back({from, Relationship::Kind::depends_on, to});
    }
    return sbom::DependencyGraph(packages, relationships).roots();
}

sbom::Sbom one_package(std::vector<License> licenses) {
    sbom::Sbom sbom;
    sbom::Package package;
    package.name = "a";
    package.purl = "pkg:npm/a@1";
    package.licenses = std::move(licenses);
    sbom.packages.push_back(std::move(package));
    return sbom;
}

std::string licenses_of(const sbom::Sbom& sbom, std::string_view version) {
    return component(parse(encode(sbom, version)), "a")["licenses"].dump();
}
} // namespace

TEST_CASE("formats: a format is found by name or alias, its newest version by default",
          "[sbom][format]") {
    CHECK(test::value_of(sbom::find_encoder("cyclonedx"))->spec_version() == "1.7");
    CHECK(test::value_of(sbom::find_encoder("cyclonedx-json", "1.6"))->spec_version() == "1.6");
    const auto error = test::error_of(sbom::find_encoder("cyclonedx", "9"));
    CHECK(error.code == ErrorCode::usage);
    CHECK(error.context.at(0).value == "cyclonedx-json@1.7, cyclonedx-json@1.6");
}

TEST_CASE("graph: what nobody needs is a root", "[sbom][format]") {
    using Roots = std::vector<std::uint32_t>;
    CHECK(roots(3, {}) == Roots{0, 1, 2});
    CHECK(roots(3, {{2, 1}, {1, 0}}) == Roots{2});
    CHECK(roots(4, {{0, 1}, {2, 1}}) == Roots{0, 2, 3});
}

TEST_CASE("graph: one of each group of packages that need one another is a root",
          "[sbom][format]") {
    CHECK(roots(3, {{1, 2}, {2, 1}, {2, 0}}).size() == 1);
    CHECK(roots(4, {{0, 1}, {1, 0}, {2, 3}, {3, 2}}).size() == 2);
    CHECK(roots(4, {{3, 0}, {0, 1}, {1, 0}, {1, 2}}) == std::vector<std::uint32_t>{3});
}

TEST_CASE("graph: a long chain needs no deep stack", "[sbom][format]") {
    std::vector<std::pair<std::uint32_t, std::uint32_t>> chain;
    for (std::uint32_t i = 0; i < 200'000; ++i) {
        chain.emplace_back(i, i + 1);
    }
    CHECK(roots(200'001, std::move(chain)) == std::vector<std::uint32_t>{0});
}

TEST_CASE("subject: the purl names repository, digest, architecture and tag", "[sbom][format]") {
    sbom::SbomSubject subject;
    CHECK(sbom::subject_reference(subject).reference == "image");
    subject.manifest_digest = "sha256:" + std::string(64, 'a');
    CHECK(sbom::subject_reference(subject).reference == "image:" + subject.manifest_digest);
    CHECK(sbom::subject_reference(subject).purl.empty());
    subject.repository = "127.0.0.1:5000/team/App";
    subject.architecture = "arm64";
    subject.tag = "1";
    CHECK(sbom::subject_reference(subject).purl ==
          "pkg:oci/app@" + subject.manifest_digest +
              "?arch=arm64&repository_url=127.0.0.1:5000%2Fteam%2FApp&tag=1");
}

TEST_CASE("cyclonedx: the subject is named by the platform manifest and the index that led there",
          "[sbom][format]") {
    const auto sbom = test::sample_sbom();
    const auto document = parse(encode(sbom));
    const auto subject = document.root()["metadata"]["component"];
    CHECK(subject["type"].string() == "container");
    CHECK(subject["version"].string() == sbom.subject.manifest_digest);
    CHECK(subject["hashes"][0]["content"].string() == sbom.subject.manifest_digest.substr(7));
    CHECK(subject["properties"].dump().find(R"({"name":"bulla:image:index-digest","value":")" +
                                            sbom.subject.index_digest) != std::string::npos);
}

TEST_CASE("cyclonedx: the same Sbom gives the same bytes, another one another serial number",
          "[sbom][format]") {
    auto sbom = test::sample_sbom();
    const std::string text = encode(sbom);
    CHECK(text == encode(sbom));
    const auto serial = parse(text).root()["serialNumber"].string_or("");
    CHECK(serial.size() == 45);
    CHECK(serial.starts_with("urn:uuid:"));
    CHECK(serial[9 + 14] == '8');
    CHECK(std::string("89ab").find(serial[9 + 19]) != std::string::npos);
    sbom.packages[0].description += "x";
    CHECK(parse(encode(sbom)).root()["serialNumber"].string() != serial);
}

TEST_CASE("cyclonedx: compact and indented documents say the same", "[sbom][format]") {
    const auto sbom = test::sample_sbom();
    const auto indented = parse(encode(sbom));
    const auto compact = parse(encode(sbom, "1.7", {.layout = json::Layout::compact}));
    CHECK(indented.root()["components"].dump() == compact.root()["components"].dump());
    CHECK(compact.root()["serialNumber"].is_string());
}

TEST_CASE("cyclonedx: without a timestamp there is none", "[sbom][format]") {
    const sbom::Sbom sbom;
    CHECK_FALSE(parse(encode(sbom)).root()["metadata"]["timestamp"]);
    CHECK(parse(encode(sbom, "1.7", {.timestamp = "2026-01-02T03:04:05Z"}))
              .root()["metadata"]["timestamp"]
              .string() == "2026-01-02T03:04:05Z");
}

TEST_CASE("cyclonedx: every component stands once in the graph and is reached from the root",
          "[sbom][format]") {
    const auto document = parse(encode(test::sample_sbom()));
    const std::string root = document.root()["metadata"]["component"]["bom-ref"].string_or("");
    CHECK(depends_on(document, root) ==
          Strings{"os:debian@12.5", "pkg:deb/debian/liba@1?arch=amd64", "pkg:pypi/x@1.0"});
    CHECK(depends_on(document, "pkg:deb/debian/liba@1?arch=amd64") ==
          Strings{"pkg:deb/debian/libb@1?arch=amd64"});
    CHECK(document.root()["dependencies"].size() == 2 + test::sample_sbom().packages.size());
}

TEST_CASE("cyclonedx: occurrences have path and layer, an owner is a property", "[sbom][format]") {
    const auto document = parse(encode(test::sample_sbom()));
    const auto package = component(document, "x");
    CHECK(package["evidence"]["occurrences"].dump() ==
          R"([{"location":"usr/lib/x-1.0.dist-info/METADATA","additionalContext":"sha256:top"}])");
    CHECK(package["properties"].dump() ==
          R"([{"name":"bulla:package:owner","value":"pkg:deb/debian/liba@1?arch=amd64"}])");
    CHECK(package["evidence"]["identity"][0]["methods"][0]["technique"].string() ==
          "manifest-analysis");
}

TEST_CASE("cyclonedx: what was read from an executable says so", "[sbom][format]") {
    const auto type = GENERATE(sbom::PackageType::golang, sbom::PackageType::cargo);
    auto sbom = one_package({});
    sbom.packages[0].type = type;
    sbom.packages[0].name = "a/b";
    const auto document = parse(encode(sbom));
    CHECK(
        component(document, "a/b")["evidence"]["identity"][0]["methods"][0]["technique"].string() ==
        "binary-analysis");
}

TEST_CASE("cyclonedx: an npm scope is the group", "[sbom][format]") {
    auto sbom = one_package({});
    sbom.packages[0].type = sbom::PackageType::npm;
    sbom.packages[0].name = "@s/a";
    const auto document = parse(encode(sbom));
    CHECK(component(document, "a")["group"].string() == "@s");
}

TEST_CASE("cyclonedx: a Maven group is the group, and there may be none", "[sbom][format]") {
    auto sbom = one_package({});
    sbom.packages[0].type = sbom::PackageType::maven;
    sbom.packages[0].name = "org.example:a";
    CHECK(component(parse(encode(sbom)), "a")["group"].string() == "org.example");
    sbom.packages[0].name = "a";
    CHECK_FALSE(component(parse(encode(sbom)), "a")["group"]);
}

TEST_CASE("cyclonedx: 1.6 takes one expression or licences, 1.7 any mix", "[sbom][format]") {
    const License expression{Kind::expression, "MIT OR ISC"};
    const License id{Kind::id, "MIT"};
    const std::string alone = R"([{"expression":"MIT OR ISC","acknowledgement":"declared"}])";
    CHECK(licenses_of(one_package({expression}), "1.6") == alone);
    CHECK(licenses_of(one_package({expression}), "1.7") == alone);
    CHECK(licenses_of(one_package({id, expression}), "1.6") ==
          R"([{"license":{"id":"MIT","acknowledgement":"declared"}},)"
          R"({"license":{"name":"MIT OR ISC","acknowledgement":"declared"}}])");
    CHECK(licenses_of(one_package({id, expression}), "1.7") ==
          R"([{"license":{"id":"MIT","acknowledgement":"declared"}},)"
          R"({"expression":"MIT OR ISC","acknowledgement":"declared"}])");
}

TEST_CASE("cyclonedx: foreign text that would break the schema is left out", "[sbom][format]") {
    auto sbom = one_package({});
    const std::string url = GENERATE(as<std::string>(),
                                     "https://x.example/a b",
                                     "javascript:alert(1)",
                                     "https://x.example/%zz",
                                     "https://x.example/#a#b",
                                     "https://",
                                     "x.example");
    sbom.packages[0].homepage = url;
    sbom.packages[0].author = "A <not a mail>";
    const auto document = parse(encode(sbom));
    CHECK_FALSE(component(document, "a")["externalReferences"]);
    CHECK(component(document, "a")["authors"].dump() == R"([{"name":"A"}])");
}

TEST_CASE("cyclonedx: what could not be read makes the composition incomplete", "[sbom][format]") {
    sbom::Sbom sbom;
    CHECK(parse(encode(sbom)).root()["compositions"][0]["aggregate"].string() == "unknown");
    sbom.unknowns.push_back({"a/b", "too large"});
    const auto document = parse(encode(sbom));
    CHECK(document.root()["compositions"][0]["aggregate"].string() == "incomplete");
    CHECK(document.root()["metadata"]["properties"].dump() ==
          R"([{"name":"bulla:unknown","value":"a/b: too large"},)"
          R"({"name":"bulla:unknowns","value":"1"}])");
}

TEST_CASE("cyclonedx: names that are not UTF-8 give a document that is", "[sbom][format]") {
    auto sbom = one_package({});
    sbom.packages[0].description = "\xFF\x01";
    const auto document = parse(encode(sbom));
    CHECK(component(document, "a")["description"].string() == "\\xff\x01");
}
