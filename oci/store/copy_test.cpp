// SPDX-License-Identifier: Apache-2.0
#include "oci/store/copy.hpp"
#include "oci/store/layout_repository.hpp"
#include "oci/store/open.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/memory_repository.hpp"
#include "tests/support/temp_dir.hpp"

namespace bulla::oci {
namespace {

using test::error_of;
using test::MemoryRepository;
using test::put_artifact;
using test::put_image;
using test::put_index;
using test::value_of;

Result<CopyResult>
copy(BlobSource& from, const StoredManifest& root, Repository& to, CopyOptions options = {}) {
    NullProgressSink progress;
    return copy_image(from, root, to, options, progress);
}

TEST_CASE("copy: an index arrives with all its images, byte for byte", "[oci][copy]") {
    MemoryRepository from;
    MemoryRepository to;
    const StoredManifest a = put_image(from, "a", "");
    const StoredManifest b = put_image(from, "b", "");
    const StoredManifest index = put_index(from, {a.descriptor, b.descriptor}, "v1");
    const CopyResult result = value_of(copy(from, index, to, {.tag = "v2"}));
    CHECK(result.manifests == 3);
    CHECK(result.blobs == 4);
    CHECK(value_of(to.fetch_tag("v2")).bytes == index.bytes);
    CHECK(value_of(to.fetch_manifest(b.descriptor.digest)).bytes == b.bytes);
}

TEST_CASE("copy: blobs that are there are not sent again", "[oci][copy]") {
    MemoryRepository from;
    MemoryRepository to;
    const StoredManifest image = put_image(from, "a", "v1");
    value_of(copy(from, image, to));
    const CopyResult again = value_of(copy(from, image, to));
    CHECK(again.blobs == 0);
    CHECK(again.blobs_there == 2);
}

TEST_CASE("copy: attachments come along only when asked for", "[oci][copy]") {
    MemoryRepository from;
    const StoredManifest image = put_image(from, "a", "v1");
    const StoredManifest signature = put_artifact(from, image.descriptor, "a/sig", "s");
    const StoredManifest about = put_artifact(from, signature.descriptor, "a/note", "n");
    const std::string legacy = referrers_tag(image.descriptor.digest) + ".att";
    put_image(from, "legacy attestation", legacy);
    MemoryRepository without;
    value_of(copy(from, image, without, {.tag = "v1"}));
    CHECK(without.manifest_count() == 1);
    MemoryRepository with;
    const CopyResult result =
        value_of(copy(from, image, with, {.tag = "v1", .attachments = Attachments::recursive}));
    CHECK(result.attachments == 3);
    CHECK(value_of(with.list_referrers(image.descriptor.digest, "a/sig")).size() == 1);
    CHECK(with.fetch_manifest(about.descriptor.digest).has_value());
    CHECK(with.fetch_tag(legacy).has_value());
    CHECK(with.fetch_tag("v1").has_value());
}

TEST_CASE("copy: other signatures under the destination's legacy tag are not overwritten",
          "[oci][copy][regression]") {
    MemoryRepository from;
    MemoryRepository to;
    const StoredManifest image = put_image(from, "a", "v1");
    const std::string legacy = referrers_tag(image.descriptor.digest) + ".sig";
    put_image(from, "the source's signature", legacy);
    const StoredManifest theirs = put_image(to, "the destination's signature", legacy);
    const auto error =
        error_of(copy(from, image, to, {.tag = "v1", .attachments = Attachments::recursive}));
    CHECK(error.code == ErrorCode::unsupported);
    CHECK(value_of(to.fetch_tag(legacy)).descriptor.digest == theirs.descriptor.digest);
    CHECK_FALSE(to.fetch_tag("v1").has_value());
}

TEST_CASE("copy: attachments of an image inside an index come along", "[oci][copy]") {
    MemoryRepository from;
    MemoryRepository to;
    const StoredManifest image = put_image(from, "a", "");
    const StoredManifest index = put_index(from, {image.descriptor}, "v1");
    put_artifact(from, image.descriptor, "a/sig", "s");
    value_of(copy(from, index, to, {.attachments = Attachments::recursive}));
    CHECK(value_of(to.list_referrers(image.descriptor.digest, "")).size() == 1);
}

TEST_CASE("copy: a source that lies about a blob leaves no manifest and no tag",
          "[oci][copy][integrity]") {
    MemoryRepository from;
    MemoryRepository to;
    const StoredManifest image = put_image(from, "layer", "v1");
    const Manifest manifest = value_of(parse_manifest(image.bytes, image.descriptor.media_type));
    from.replace_blob(manifest.layers[0].digest, "LAYER");
    CHECK(error_of(copy(from, image, to, {.tag = "v1"})).code == ErrorCode::integrity);
    CHECK(to.manifest_count() == 0);
    CHECK_FALSE(to.fetch_tag("v1").has_value());
}

TEST_CASE("copy: indexes nested beyond the limit are refused", "[oci][copy]") {
    MemoryRepository from;
    MemoryRepository to;
    StoredManifest top = put_image(from, "a", "");
    for (std::size_t i = 0; i <= limits::kIndexDepth; ++i) {
        top = put_index(from, {top.descriptor}, "");
    }
    CHECK(error_of(copy(from, top, to)).code == ErrorCode::limit_exceeded);
}

TEST_CASE("copy: layers that may not be distributed stay", "[oci][copy]") {
    MemoryRepository from;
    MemoryRepository to;
    Manifest manifest{.media_type = std::string(media_type::kManifest),
                      .config = value_of(put_bytes(from, std::string(media_type::kEmpty), "{}"))};
    manifest.layers.push_back(
        describe("application/vnd.oci.image.layer.nondistributable.v1.tar", "elsewhere"));
    Bytes bytes = encode(manifest);
    const StoredManifest image{describe(manifest.media_type, bytes), bytes};
    value_of(from.put_manifest(image, "v1"));
    CHECK(value_of(copy(from, image, to)).blobs == 1);
}

TEST_CASE("copy: to a layout and back, with attachments and without a tag", "[oci][copy]") {
    const test::TempDir dir;
    MemoryRepository from;
    const StoredManifest image = put_image(from, "a", "v1");
    put_artifact(from, image.descriptor, "a/sig", "s");
    const auto layout = value_of(create_or_open_layout(dir.file("l")));
    value_of(copy(from, image, *layout, {.attachments = Attachments::recursive}));
    const StoredManifest found = value_of(layout->fetch_tag(""));
    CHECK(found.bytes == image.bytes);
    MemoryRepository back;
    value_of(copy(*layout, found, back, {.tag = "v1", .attachments = Attachments::recursive}));
    CHECK(value_of(back.list_referrers(image.descriptor.digest, "a/sig")).size() == 1);
}

TEST_CASE("resolve: an image name is looked up by digest, tag or ref name", "[oci][store]") {
    MemoryRepository repository;
    const StoredManifest image = put_image(repository, "a", "v1");
    const std::string name = "registry.example/app";
    CHECK(value_of(resolve_image(repository, value_of(ImageName::parse(name + ":v1")))).bytes ==
          image.bytes);
    CHECK(value_of(resolve_image(repository,
                                 value_of(ImageName::parse(name + "@" +
                                                           image.descriptor.digest.to_string()))))
              .bytes == image.bytes);
    CHECK(error_of(resolve_image(repository, value_of(ImageName::parse(name)))).code ==
          ErrorCode::not_found);
}

} // namespace
} // namespace bulla::oci
