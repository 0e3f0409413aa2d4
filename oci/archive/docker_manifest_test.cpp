// SPDX-License-Identifier: Apache-2.0
#include "oci/archive/docker_manifest.hpp"
#include "tests/support/catch.hpp"

namespace bulla::oci {
namespace {

using test::error_of;
using test::value_of;

const std::string kId(64, 'a');

TEST_CASE("docker manifest.json: config, tags and layers", "[oci][archive]") {
    const auto images = value_of(parse_docker_manifest(
        R"([{"Config":"c.json","RepoTags":["app:1","app:2"],"Layers":["./a/layer.tar","b.tar"]},)"
        R"({"Config":"sha256:d","RepoTags":null,"Layers":null,"LayerSources":{"x":{}}}])"));
    REQUIRE(images.size() == 2);
    CHECK(images[0] == DockerImage{"c.json", {"app:1", "app:2"}, {"a/layer.tar", "b.tar"}});
    CHECK(images[1] == DockerImage{"sha256:d", {}, {}});
}

TEST_CASE("docker manifest.json: anything else is malformed", "[oci][archive]") {
    for (const char* text : {"",
                             "{}",
                             "[1]",
                             R"([{"Layers":[]}])",
                             R"([{"Config":""}])",
                             R"([{"Config":1}])",
                             R"([{"Config":"c","Layers":{}}])",
                             R"([{"Config":"c","Layers":[1]}])",
                             R"([{"Config":"c","RepoTags":[1]}])",
                             R"([{"Config":"c","Config":"d"}])"}) {
        CAPTURE(text);
        CHECK(error_of(parse_docker_manifest(text)).code == ErrorCode::malformed);
    }
}

TEST_CASE("docker manifest.json: names stay inside the archive", "[oci][archive]") {
    for (const char* text : {R"([{"Config":"../c.json"}])",
                             R"([{"Config":"/etc/passwd"}])",
                             R"([{"Config":"a/../.."}])",
                             R"([{"Config":"c","Layers":["../../layer.tar"]}])",
                             R"([{"Config":"c","Layers":["/layer.tar"]}])"}) {
        CAPTURE(text);
        CHECK(error_of(parse_docker_manifest(text)).code == ErrorCode::malformed);
    }
}

TEST_CASE("docker manifest.json: layers are bounded", "[oci][archive]") {
    std::string layers;
    for (int i = 0; i < 1024; ++i) {
        layers += R"("a",)";
    }
    const auto with = [&](const std::string& more) {
        return parse_docker_manifest(R"([{"Config":"c","Layers":[)" + layers + more + "]}]");
    };
    CHECK(error_of(with(R"("a")")).code == ErrorCode::limit_exceeded);
    layers.resize(layers.size() - 4);
    CHECK(value_of(with(R"("a")")).front().layers.size() == 1024);
}

TEST_CASE("docker repositories: every tag and its id", "[oci][archive]") {
    const auto found = value_of(
        parse_docker_repositories(R"({"app":{"1":")" + kId + R"(","2":")" + kId + R"("},"b":{}})"));
    REQUIRE(found.size() == 2);
    CHECK(found[0].tag == "app:1");
    CHECK(found[1].tag == "app:2");
    CHECK(found[1].id == kId);
    for (const char* text :
         {"[]", R"({"app":"1"})", R"({"app":{"1":"../x"}})", R"({"app":{"1":2}})"}) {
        CAPTURE(text);
        CHECK(error_of(parse_docker_repositories(text)).code == ErrorCode::malformed);
    }
}

TEST_CASE("docker layer json: what a configuration is made of", "[oci][archive]") {
    const auto layer = value_of(parse_docker_layer(
        R"({"id":")" + kId + R"(","parent":")" + std::string(64, 'b') +
        R"(","os":"linux","architecture":"amd64","config":{"Labels":{"a":"b"}}})"));
    CHECK(layer.id == kId);
    CHECK(layer.parent == std::string(64, 'b'));
    CHECK(layer.settings == R"({"Labels":{"a":"b"}})");
    CHECK(error_of(parse_docker_layer(R"({"id":"../a"})")).code == ErrorCode::malformed);
    CHECK(error_of(parse_docker_layer(R"({"id":")" + kId + R"(","parent":"x"})")).code ==
          ErrorCode::malformed);
}

} // namespace
} // namespace bulla::oci
