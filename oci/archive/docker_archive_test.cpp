// SPDX-License-Identifier: Apache-2.0
#include "base/crypto/hasher.hpp"
#include "oci/archive/docker_archive.hpp"
#include "oci/manifest/manifest.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/docker_archive_builder.hpp"
#include "tests/support/temp_dir.hpp"

#include <fstream>

namespace bulla::oci {
namespace {

using test::config_name;
using test::docker_entry;
using test::error_of;
using test::image_config;
using test::layer_tar;
using test::TarBuilder;
using test::TempDir;
using test::value_of;
using strings = std::vector<std::string>;

Result<std::unique_ptr<DockerImages>> open(const TempDir& dir, const TarBuilder& tar) {
    const std::string path = dir.file("app.tar");
    std::ofstream(path, std::ios::binary) << tar.finish();
    BULLA_TRY_ASSIGN(ArchiveFile file, ArchiveFile::open(path));
    return open_docker_archive(std::make_shared<const ArchiveFile>(std::move(file)));
}

Manifest parsed(const StoredManifest& stored) {
    return value_of(parse_manifest(stored.bytes, stored.descriptor.media_type));
}

TEST_CASE("docker archive: the manifest made names config and layers by their digests",
          "[oci][archive]") {
    const TempDir dir;
    const std::string layer = layer_tar("a");
    const std::string config = image_config({layer});
    const auto images = value_of(open(
        dir,
        TarBuilder()
            .file("1/layer.tar", layer)
            .file(config_name(config), config)
            .file("manifest.json",
                  "[" + docker_entry(config_name(config), R"(["app:1"])", {"1/layer.tar"}) + "]")));
    const StoredManifest top = value_of(images->fetch_tag(""));
    CHECK(top.origin == ManifestOrigin::made);
    CHECK(crypto::digest(top.bytes) == top.descriptor.digest);
    const Manifest manifest = parsed(top);
    CHECK(manifest.config.digest == crypto::digest(config));
    REQUIRE(manifest.layers.size() == 1);
    CHECK(manifest.layers[0].digest == crypto::digest(layer));
    CHECK(manifest.layers[0].media_type == "application/vnd.oci.image.layer.v1.tar");
    CHECK(value_of(fetch_blob(*images, manifest.layers[0], 10'000, "layer")) == layer);
    CHECK(value_of(fetch_blob(*images, manifest.config, 10'000, "config")) == config);
    CHECK(value_of(images->fetch_manifest(top.descriptor.digest)).bytes == top.bytes);
    CHECK(value_of(images->list_tags()) == strings{"app:1"});
}

TEST_CASE("docker archive: a compressed layer has the digest of its stored bytes",
          "[oci][archive]") {
    const TempDir dir;
    const std::string layer = layer_tar("a");
    const std::string config = image_config({layer, layer});
    const std::string gzip = test::gzip_stored(layer);
    const std::string zstd = test::zstd_raw(layer);
    const auto images = value_of(
        open(dir,
             TarBuilder()
                 .file("1.tar.gz", gzip)
                 .file("2", zstd)
                 .file("sha256:" + std::string(crypto::digest(config).hex()), config)
                 .file("manifest.json",
                       "[" +
                           docker_entry("sha256:" + std::string(crypto::digest(config).hex()),
                                        "null",
                                        {"1.tar.gz", "2"}) +
                           "]")));
    const Manifest manifest = parsed(value_of(images->fetch_tag("")));
    REQUIRE(manifest.layers.size() == 2);
    CHECK(manifest.layers[0].digest == crypto::digest(gzip));
    CHECK(manifest.layers[0].media_type == "application/vnd.oci.image.layer.v1.tar+gzip");
    CHECK(manifest.layers[1].digest == crypto::digest(zstd));
    CHECK(manifest.layers[1].media_type == "application/vnd.oci.image.layer.v1.tar+zstd");
}

TEST_CASE("docker archive: of several images tag or id choose, as Docker shortens them",
          "[oci][archive]") {
    const TempDir dir;
    const std::string a = layer_tar("a");
    const std::string b = layer_tar("b");
    const std::string first = image_config({a});
    const std::string second = image_config({b});
    const auto images = value_of(open(
        dir,
        TarBuilder()
            .file("a", a)
            .file("b", b)
            .file(config_name(first), first)
            .file(config_name(second), second)
            .file("manifest.json",
                  "[" + docker_entry(config_name(first), R"(["app:1","app:latest"])", {"a"}) + "," +
                      docker_entry(config_name(second), R"(["r.example/team/app:1"])", {"b"}) +
                      "]")));
    const auto config_of = [&](std::string_view tag) {
        return parsed(value_of(images->fetch_tag(tag))).config.digest;
    };
    for (const char* tag : {"app:1", "app", "docker.io/library/app:1"}) {
        CAPTURE(tag);
        CHECK(config_of(tag) == crypto::digest(first));
    }
    CHECK(config_of("r.example/team/app:1") == crypto::digest(second));
    const std::string id(crypto::digest(second).hex());
    CHECK(config_of(id.substr(0, 12)) == crypto::digest(second));
    CHECK(config_of("sha256:" + id) == crypto::digest(second));
    const Error none_said = error_of(images->fetch_tag(""));
    CHECK(none_said.code == ErrorCode::not_found);
    REQUIRE_FALSE(none_said.context.empty());
    CHECK(none_said.context.front().value == "app:1, app:latest, r.example/team/app:1");
    CHECK(error_of(images->fetch_tag("app:2")).code == ErrorCode::not_found);
}

TEST_CASE("docker archive: a config that is not what its name says is refused", "[oci][archive]") {
    const TempDir dir;
    const std::string layer = layer_tar("a");
    const std::string config = image_config({layer});
    const auto images =
        value_of(open(dir,
                      TarBuilder()
                          .file("a", layer)
                          .file(config_name("another"), config)
                          .file("manifest.json",
                                "[" + docker_entry(config_name("another"), "null", {"a"}) + "]")));
    CHECK(error_of(images->fetch_tag("")).code == ErrorCode::integrity);
}

TEST_CASE("docker archive: as many layers as diff_ids, all of them there", "[oci][archive]") {
    const TempDir dir;
    const std::string layer = layer_tar("a");
    const std::string config = image_config({layer, layer});
    for (const strings& layers : {strings{"a"}, strings{"a", "a", "a"}, strings{"a", "missing"}}) {
        CAPTURE(layers.size());
        const auto images = value_of(
            open(dir,
                 TarBuilder()
                     .file("a", layer)
                     .file("c.json", config)
                     .file("manifest.json", "[" + docker_entry("c.json", "null", layers) + "]")));
        CHECK(error_of(images->fetch_tag("")).code == ErrorCode::malformed);
    }
}

TEST_CASE("docker archive: nothing is written into it", "[oci][archive]") {
    const TempDir dir;
    const auto images = value_of(open(dir, TarBuilder().file("manifest.json", "[]")));
    MemoryReader content("x");
    const Error error = error_of(images->put_blob(describe("application/x", "x"), content));
    CHECK(error.code == ErrorCode::unsupported);
    CHECK(error.hint.find("bulla-oci copy") != std::string::npos);
    CHECK(error_of(images->fetch_tag("")).code == ErrorCode::not_found);
}

/// An archive as Docker wrote it before version 1.10: two layers, one image.
struct OldArchive {
    std::string base_id = std::string(64, 'a');
    std::string top_id = std::string(64, 'b');
    std::string base = layer_tar("base");
    std::string top = layer_tar("top");
    std::string base_json = R"({"id":")" + base_id + R"("})";
    std::string top_json =
        R"({"id":")" + top_id + R"(","parent":")" + base_id +
        R"(","architecture":"arm64","os":"linux","config":{"Labels":{"a":"b"}}})";

    TarBuilder build() const {
        TarBuilder tar;
        tar.file(top_id + "/json", top_json).file(top_id + "/layer.tar", top);
        tar.file(base_id + "/json", base_json).file(base_id + "/layer.tar", base);
        return tar;
    }
};

TEST_CASE("docker archive: before 1.10 the chain of parents is the image", "[oci][archive]") {
    const TempDir dir;
    const OldArchive old;
    const auto images = value_of(
        open(dir, old.build().file("repositories", R"({"app":{"1":")" + old.top_id + R"("}})")));
    const StoredManifest top = value_of(images->fetch_tag("app:1"));
    CHECK(top.origin == ManifestOrigin::made_with_config);
    const Manifest manifest = parsed(top);
    REQUIRE(manifest.layers.size() == 2);
    CHECK(manifest.layers[0].digest == crypto::digest(old.base));
    CHECK(manifest.layers[1].digest == crypto::digest(old.top));
    const auto config =
        value_of(parse_image_config(value_of(fetch_blob(*images, manifest.config, 10'000, "c"))));
    CHECK(config.platform.architecture == "arm64");
    CHECK(config.labels == std::vector<std::pair<std::string, std::string>>{{"a", "b"}});
    CHECK(value_of(images->fetch_tag("bbbb")).bytes == top.bytes);
}

TEST_CASE("docker archive: an old image that was saved by id is the layer nobody builds on",
          "[oci][archive]") {
    const TempDir dir;
    const auto images = value_of(open(dir, OldArchive().build()));
    CHECK(parsed(value_of(images->fetch_tag(""))).layers.size() == 2);
}

TEST_CASE("docker archive: parents that go round end in a refusal", "[oci][archive]") {
    const TempDir dir;
    OldArchive old;
    old.base_json = R"({"id":")" + old.base_id + R"(","parent":")" + old.top_id + R"("})";
    const auto images = value_of(
        open(dir, old.build().file("repositories", R"({"app":{"1":")" + old.top_id + R"("}})")));
    CHECK(error_of(images->fetch_tag("")).code == ErrorCode::limit_exceeded);
}

TEST_CASE("docker archive: an old layer in another layer's folder is refused", "[oci][archive]") {
    const TempDir dir;
    OldArchive old;
    old.base_json = R"({"id":")" + std::string(64, 'c') + R"("})";
    const auto images = value_of(
        open(dir, old.build().file("repositories", R"({"app":{"1":")" + old.top_id + R"("}})")));
    CHECK(error_of(images->fetch_tag("")).code == ErrorCode::malformed);
}

} // namespace
} // namespace bulla::oci
