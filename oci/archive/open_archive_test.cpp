// SPDX-License-Identifier: Apache-2.0
#include "base/crypto/hasher.hpp"
#include "oci/archive/open_archive.hpp"
#include "oci/manifest/manifest.hpp"
#include "oci/store/platform_image.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/docker_archive_builder.hpp"
#include "tests/support/temp_dir.hpp"

#include <fstream>

namespace bulla::oci {
namespace {

using test::error_of;
using test::TarBuilder;
using test::TempDir;
using test::value_of;
using Kind = ImageName::Kind;

/// An archive with both a layout and a manifest.json, as Docker 25 and later write it.
class Both {
  public:
    Both() { config_ = add(test::image_config({layer_}), std::string(media_type::kConfig)); }

    /// Stores bytes as a blob.
    Descriptor add(std::string_view bytes, std::string type) {
        auto descriptor = describe(std::move(type), bytes);
        tar_.file("blobs/sha256/" + std::string(descriptor.digest.hex()), bytes);
        return descriptor;
    }

    Descriptor add_manifest(std::size_t layers) {
        Manifest manifest{.media_type = std::string(media_type::kManifest), .config = config_};
        for (std::size_t i = 0; i < layers; ++i) {
            manifest.layers.push_back(add(layer_, "application/vnd.oci.image.layer.v1.tar"));
        }
        return add(encode(manifest), manifest.media_type);
    }

    Descriptor add_index(std::vector<Descriptor> manifests) {
        const Index index{.media_type = std::string(media_type::kIndex),
                          .manifests = std::move(manifests)};
        return add(encode(index), index.media_type);
    }

    Result<ArchivedImage> open(std::vector<Descriptor> listed, const std::string& ref = {}) {
        const Index index{.media_type = std::string(media_type::kIndex),
                          .manifests = std::move(listed)};
        tar_.file("index.json", encode(index))
            .file("oci-layout", R"({"imageLayoutVersion":"1.0.0"})");
        const std::string blobs = "blobs/sha256/";
        tar_.file("manifest.json",
                  "[" +
                      test::docker_entry(blobs + std::string(config_.digest.hex()),
                                         R"(["app:1"])",
                                         {blobs + std::string(crypto::digest(layer_).hex())}) +
                      "]");
        tar_.file(blobs + std::string(crypto::digest(layer_).hex()), layer_);
        std::ofstream(dir_.file("app.tar"), std::ios::binary) << tar_.finish();
        return open_archive(value_of(ImageName::parse(dir_.file("app.tar") + ref)));
    }

    const Descriptor& config() const { return config_; }

  private:
    TempDir dir_;
    TarBuilder tar_;
    std::string layer_ = test::layer_tar("a");
    Descriptor config_{.media_type = {}, .digest = crypto::digest("")};
};

TEST_CASE("archive with both: the layout's manifest is taken, under manifest.json's name",
          "[oci][archive]") {
    for (const char* ref : {"", ":app:1"}) {
        CAPTURE(ref);
        Both both;
        const auto manifest = both.add_manifest(1);
        const auto image = value_of(both.open({manifest}, ref));
        CHECK(image.name.kind == Kind::oci_archive);
        CHECK(image.top.descriptor.digest == manifest.digest);
        CHECK(image.top.origin == ManifestOrigin::stored);
    }
}

TEST_CASE("archive with both: an index whose other platforms were not saved", "[oci][archive]") {
    Both both;
    auto manifest = both.add_manifest(1);
    manifest.platform = Platform{"linux", "s390x", ""};
    Descriptor absent = describe(std::string(media_type::kManifest), "absent");
    absent.platform = Platform{"linux", "amd64", ""};
    Descriptor attestation = describe(std::string(media_type::kManifest), "attestation");
    attestation.annotations["vnd.docker.reference.type"] = "attestation-manifest";
    const auto index = both.add_index({absent, attestation, manifest});
    const auto image = value_of(both.open({index}));
    CHECK(image.top.descriptor.digest == index.digest);
    const auto chosen = value_of(select_image(*image.repository,
                                              image.top,
                                              Platform{"linux", "amd64", ""},
                                              PlatformChoice::host_default));
    CHECK(chosen.manifest.descriptor.digest == manifest.digest);
    const Error asked = error_of(select_image(*image.repository,
                                              image.top,
                                              Platform{"linux", "amd64", ""},
                                              PlatformChoice::explicit_request));
    CHECK(asked.code == ErrorCode::not_found);
}

TEST_CASE("archive with both: indexes in indexes lead to the image", "[oci][archive]") {
    Both both;
    const auto manifest = both.add_manifest(1);
    const auto outer = both.add_index({both.add_index({manifest})});
    const auto image = value_of(both.open({outer}));
    CHECK(image.top.descriptor.digest == outer.digest);
    CHECK(
        value_of(select_image(
                     *image.repository, image.top, Platform::host(), PlatformChoice::host_default))
            .manifest.descriptor.digest == manifest.digest);
}

TEST_CASE("archive with both: a layout whose manifest lacks layers gives way to manifest.json",
          "[oci][archive][regression]") {
    Both both;
    const auto image = value_of(both.open({both.add_manifest(0)}));
    CHECK(image.name.kind == Kind::docker_archive);
    CHECK(image.top.origin == ManifestOrigin::made);
    const auto manifest =
        value_of(parse_manifest(image.top.bytes, image.top.descriptor.media_type));
    CHECK(manifest.config.digest == both.config().digest);
    CHECK(manifest.layers.size() == 1);
}

TEST_CASE("archive: a tar with neither is no image", "[oci][archive]") {
    const TempDir dir;
    std::ofstream(dir.file("app.tar"), std::ios::binary) << TarBuilder().file("a", "b").finish();
    const Error error = error_of(open_archive(value_of(ImageName::parse(dir.file("app.tar")))));
    CHECK(error.code == ErrorCode::malformed);
    for (const char* scheme : {"oci-archive:", "docker-archive:"}) {
        CAPTURE(scheme);
        CHECK(
            error_of(open_archive(value_of(ImageName::parse(scheme + dir.file("app.tar"))))).code ==
            ErrorCode::malformed);
    }
}

} // namespace
} // namespace bulla::oci
