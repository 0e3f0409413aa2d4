// SPDX-License-Identifier: Apache-2.0
#include "base/json/writer.hpp"
#include "oci/manifest/manifest.hpp"
#include "tests/support/catch.hpp"

#include <array>

namespace bulla::oci {
namespace {

using test::error_of;
using test::value_of;

const std::string kHex = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

std::string descriptor(std::string_view type, std::string_view more = {}) {
    return R"({"mediaType":")" + std::string(type) + R"(","digest":"sha256:)" + kHex +
           R"(","size":5)" + std::string(more) + "}";
}

std::string manifest_text(std::string_view more = {}) {
    return R"({"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":)" +
           descriptor(media_type::kConfig) + R"(,"layers":[)" +
           descriptor("application/vnd.oci.image.layer.v1.tar+gzip") + "]" + std::string(more) +
           "}";
}

std::string index_text(std::string_view entries) {
    return R"({"schemaVersion":2,"manifests":[)" + std::string(entries) + "]}";
}

std::string entry(std::string_view platform, std::string_view more = {}) {
    const auto slash = platform.find('/');
    auto arch = platform.substr(slash + 1);
    std::string variant;
    if (const auto second = arch.find('/'); second != std::string_view::npos) {
        variant = R"(,"variant":")" + std::string(arch.substr(second + 1)) + "\"";
        arch = arch.substr(0, second);
    }
    return descriptor(media_type::kManifest,
                      R"(,"platform":{"os":")" + std::string(platform.substr(0, slash)) +
                          R"(","architecture":")" + std::string(arch) + "\"" + variant + "}" +
                          std::string(more));
}

TEST_CASE("manifest: a document is read and written back as the same bytes", "[oci][manifest]") {
    const std::string text = manifest_text(R"(,"subject":)" + descriptor(media_type::kManifest) +
                                           R"(,"annotations":{"a":"1","b":"2"})");
    const Manifest manifest = value_of(parse_manifest(text, media_type::kManifest));
    CHECK(manifest.layers.size() == 1);
    CHECK(manifest.subject->size == 5);
    CHECK(manifest.effective_artifact_type() == media_type::kConfig);
    CHECK(encode(manifest) == text);
}

TEST_CASE("manifest: Content-Type parameters do not matter", "[oci][manifest]") {
    CHECK(parse_manifest(manifest_text(), std::string(media_type::kManifest) + "; charset=utf-8")
              .has_value());
}

TEST_CASE("manifest: one that is an index as well is refused", "[oci][manifest]") {
    CHECK(
        error_of(parse_manifest(manifest_text(R"(,"manifests":[])"), media_type::kManifest)).code ==
        ErrorCode::malformed);
    for (const char* more : {R"("layers":[],)", R"("config":{},)"}) {
        std::string text = index_text("");
        text.insert(1, more);
        CHECK(error_of(parse_index(text, media_type::kIndex)).code == ErrorCode::malformed);
    }
}

TEST_CASE("manifest: a type inside that contradicts the announced one is refused",
          "[oci][manifest]") {
    CHECK(error_of(parse_manifest(manifest_text(), media_type::kDockerManifest)).code ==
          ErrorCode::malformed);
}

TEST_CASE("manifest: Docker schema 1 is unsupported however it shows", "[oci][manifest]") {
    CHECK(error_of(parse_manifest("{}", media_type::kDockerSchema1Signed)).code ==
          ErrorCode::unsupported);
    CHECK(error_of(parse_manifest(R"({"schemaVersion":1,"fsLayers":[]})", "")).code ==
          ErrorCode::unsupported);
    CHECK(error_of(parse_manifest(R"({"schemaVersion":1})", "")).code == ErrorCode::unsupported);
}

TEST_CASE("manifest: duplicate keys are refused", "[oci][manifest]") {
    CHECK(error_of(parse_manifest(manifest_text(R"(,"layers":[])"), media_type::kManifest)).code ==
          ErrorCode::malformed);
}

TEST_CASE("manifest: more layers than the limit are refused", "[oci][manifest]") {
    std::string layers = descriptor("x/y");
    for (std::size_t i = 0; i < limits::kLayers; ++i) {
        layers += "," + descriptor("x/y");
    }
    const std::string text =
        R"({"schemaVersion":2,"config":)" + descriptor("x/y") + R"(,"layers":[)" + layers + "]}";
    CHECK(error_of(parse_manifest(text, media_type::kManifest)).code == ErrorCode::limit_exceeded);
}

TEST_CASE("descriptor: each required member is required", "[oci][manifest]") {
    for (const std::string& text :
         {std::string(R"({"digest":"sha256:)" + kHex + R"(","size":1})"),
          std::string(R"({"mediaType":"","digest":"sha256:)" + kHex + R"(","size":1})"),
          std::string(R"({"mediaType":"a/b","size":1})"),
          std::string(R"({"mediaType":"a/b","digest":"sha256:../x","size":1})"),
          std::string(R"({"mediaType":"a/b","digest":"sha256:)" + kHex + R"("})"),
          std::string(R"({"mediaType":"a/b","digest":"sha256:)" + kHex + R"(","size":-1})"),
          std::string(R"({"mediaType":"a/b","digest":"sha256:)" + kHex + R"(","size":1.5})"),
          std::string(R"({"mediaType":"a/b","digest":"sha256:)" + kHex +
                      R"(","size":1,"annotations":{"a":1}})"),
          std::string("[]")}) {
        CAPTURE(text);
        const auto document = value_of(json::Document::parse(text));
        CHECK(error_of(Descriptor::parse(document.root(), "it")).code == ErrorCode::malformed);
    }
}

TEST_CASE("descriptor: the digest of the empty document is the published one", "[oci][manifest]") {
    CHECK(describe(std::string(media_type::kEmpty), "{}").digest.to_string() ==
          "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a");
}

TEST_CASE("platform: other spellings mean the same", "[oci][manifest]") {
    CHECK(value_of(Platform::parse("linux/x86_64")).to_string() == "linux/amd64");
    CHECK(value_of(Platform::parse("linux/aarch64")).to_string() == "linux/arm64");
    CHECK(value_of(Platform::parse("linux/arm64/v8")).to_string() == "linux/arm64");
    CHECK(value_of(Platform::parse("linux/armhf")).to_string() == "linux/arm/v7");
    CHECK(value_of(Platform::parse("Linux/ARM/v6")).to_string() == "linux/arm/v6");
    for (const char* text : {"", "linux", "linux/", "/amd64", "linux/arm/v7/x", "linux/a b"}) {
        CAPTURE(text);
        CHECK(error_of(Platform::parse(text)).code == ErrorCode::usage);
    }
}

std::string chosen(const std::string& entries, std::string_view wanted) {
    const Index index = value_of(parse_index(index_text(entries), media_type::kIndex));
    const auto found =
        select_platform(index, value_of(Platform::parse(wanted)), PlatformChoice::explicit_request);
    return !found ? std::string(to_string(found.error().code))
                  : (found->platform ? found->platform->to_string() : std::string("none"));
}

TEST_CASE("platform: an arm machine takes the best variant it can run", "[oci][manifest]") {
    const std::string entries =
        entry("linux/arm/v5") + "," + entry("linux/arm/v6") + "," + entry("linux/amd64");
    CHECK(chosen(entries, "linux/arm/v7") == "linux/arm/v6");
    CHECK(chosen(entries, "linux/arm/v5") == "linux/arm/v5");
    CHECK(chosen(entry("linux/arm/v7") + "," + entry("linux/amd64"), "linux/arm/v6") ==
          "not_found");
    CHECK(chosen(entry("linux/arm64/v8"), "linux/arm64") == "linux/arm64");
    CHECK(chosen(entry("linux/amd64/v3") + "," + entry("linux/amd64"), "linux/amd64/v2") ==
          "linux/amd64");
}

TEST_CASE("platform: attestations are no images", "[oci][manifest]") {
    const std::string attestation = entry("unknown/unknown");
    const std::string annotated = entry(
        "linux/amd64", R"(,"annotations":{"vnd.docker.reference.type":"attestation-manifest"})");
    const std::string artifact = entry("linux/amd64", R"(,"artifactType":"a/b")");
    for (const std::string& text : {attestation, annotated, artifact}) {
        const Index index = value_of(parse_index(index_text(text), media_type::kIndex));
        CHECK_FALSE(is_runnable(index.manifests[0]));
    }
    const Index index = value_of(
        parse_index(index_text(attestation + "," + entry("linux/riscv64")), media_type::kIndex));
    const Platform host = value_of(Platform::parse("linux/amd64"));
    CHECK(value_of(select_platform(index, host, PlatformChoice::host_default))
              .platform->to_string() == "linux/riscv64");
    const Error error = error_of(select_platform(index, host, PlatformChoice::explicit_request));
    CHECK(error.code == ErrorCode::not_found);
    CHECK(error.hint.find("--platform linux/riscv64") != std::string::npos);
}

TEST_CASE("image config: platform, time, diff_ids and labels are read", "[oci][manifest]") {
    const ImageConfig config = value_of(parse_image_config(
        R"({"architecture":"arm64","os":"linux","variant":"v8","created":"2026-01-02T03:04:05.678Z",)"
        R"("config":{"Labels":{"b":"2","a":"1"}},"rootfs":{"type":"layers","diff_ids":["sha256:)" +
        kHex + R"("]}})"));
    CHECK(config.platform.to_string() == "linux/arm64");
    CHECK(to_rfc3339(config.created.value()) == "2026-01-02T03:04:05Z");
    CHECK(config.diff_ids.size() == 1);
    CHECK(config.labels[0].first == "a");
}

TEST_CASE("image config: a rootfs of another type or a bad diff_id is malformed",
          "[oci][manifest]") {
    CHECK(error_of(parse_image_config(R"({"rootfs":{"type":"squash","diff_ids":[]}})")).code ==
          ErrorCode::malformed);
    CHECK(error_of(parse_image_config(R"({"rootfs":{"type":"layers","diff_ids":["x"]}})")).code ==
          ErrorCode::malformed);
    CHECK(error_of(parse_image_config("{}")).code == ErrorCode::malformed);
}

TEST_CASE("media type: layers are told from what is not to be read", "[oci][manifest]") {
    using media_type::LayerKind;
    CHECK(media_type::layer_kind("application/vnd.oci.image.layer.v1.tar+zstd") == LayerKind::tar);
    CHECK(media_type::layer_kind("application/vnd.docker.image.rootfs.diff.tar.zstd") ==
          LayerKind::tar);
    CHECK(media_type::layer_kind("application/vnd.docker.image.rootfs.foreign.diff.tar.gzip") ==
          LayerKind::foreign_tar);
    CHECK(media_type::layer_kind("application/vnd.oci.image.layer.v1.tar+gzip+encrypted") ==
          LayerKind::encrypted);
    CHECK(media_type::layer_kind("application/vnd.in-toto+json") == LayerKind::unknown);
}

TEST_CASE("runnable: an image whose descriptor has its config's type for an artifactType",
          "[oci][manifest][regression]") {
    Descriptor entry = describe(std::string(media_type::kManifest), "x");
    for (const auto type : {media_type::kConfig, media_type::kDockerConfig}) {
        entry.artifact_type = type;
        CHECK(is_runnable(entry));
    }
    entry.artifact_type = "application/vnd.docker.attestation.manifest.v1+json";
    CHECK_FALSE(is_runnable(entry));
}

TEST_CASE("media type: type and subtype, without parameters", "[oci][manifest]") {
    for (const char* text : {"a/b", "application/vnd.example.x-y_z+json", "A1/B.2"}) {
        CAPTURE(text);
        CHECK(media_type::is_valid(text));
    }
    const std::string longest = "a/" + std::string(127, 'b');
    CHECK(media_type::is_valid(longest));
    CHECK_FALSE(media_type::is_valid(longest + "b"));
    for (const char* text : {"", "a", "/b", "a/", "a/b/c", "a/b;q=1", "a/b c", "a/.b", "a/b\n"}) {
        CAPTURE(text);
        CHECK_FALSE(media_type::is_valid(text));
    }
}

} // namespace
} // namespace bulla::oci
