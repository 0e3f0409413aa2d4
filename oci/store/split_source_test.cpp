// SPDX-License-Identifier: Apache-2.0
#include "oci/store/copy.hpp"
#include "oci/store/split_source.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/memory_repository.hpp"
#include "tests/support/passing_repository.hpp"

namespace bulla::oci {
namespace {

using test::error_of;
using test::MemoryRepository;
using test::put_artifact;
using test::put_image;
using test::value_of;

/// A registry's answer about a repository that was never pushed to.
class Absent final : public test::Passing {
  public:
    using Passing::Passing;

    Result<std::vector<Descriptor>> list_referrers(const Digest&, std::string_view) override {
        return Error{code, "no such repository"};
    }

    ErrorCode code = ErrorCode::not_found;
};

TEST_CASE("split source: evidence is looked for in its own repository alone", "[oci][split]") {
    MemoryRepository images;
    MemoryRepository evidence;
    const StoredManifest image = put_image(images, "a", "v1");
    put_artifact(images, image.descriptor, "a/beside", "x");
    const StoredManifest there = put_artifact(evidence, image.descriptor, "a/there", "y");
    const auto source = join_sources(images, evidence);
    const auto listed = value_of(source->list_referrers(image.descriptor.digest, ""));
    REQUIRE(listed.size() == 1);
    CHECK(listed[0].digest == there.descriptor.digest);
    CHECK(error_of(source->fetch_tag("v1")).code == ErrorCode::not_found);
    CHECK(value_of(source->fetch_manifest(image.descriptor.digest)).bytes == image.bytes);
    CHECK(value_of(source->fetch_manifest(there.descriptor.digest)).bytes == there.bytes);
}

TEST_CASE("split source: a recursive copy brings image and evidence together", "[oci][split]") {
    MemoryRepository images;
    MemoryRepository evidence;
    MemoryRepository target;
    const StoredManifest image = put_image(images, "a", "v1");
    const StoredManifest signature = put_artifact(evidence, image.descriptor, "a/sig", "s");
    const StoredManifest note = put_artifact(evidence, signature.descriptor, "a/note", "n");
    const std::string legacy = referrers_tag(image.descriptor.digest) + ".sig";
    const StoredManifest tagged = put_image(evidence, "legacy", legacy);
    const auto source = join_sources(images, evidence);
    NullProgressSink progress;
    const CopyResult result = value_of(copy_image(
        *source, image, target, {.tag = "v1", .attachments = Attachments::recursive}, progress));
    CHECK(result.attachments == 3);
    CHECK(value_of(target.fetch_manifest(note.descriptor.digest)).bytes == note.bytes);
    CHECK(value_of(target.fetch_tag(legacy)).bytes == tagged.bytes);
    CHECK(value_of(target.fetch_tag("v1")).bytes == image.bytes);
}

TEST_CASE("split source: a repository that is not there has no evidence, an unreachable one might",
          "[oci][split]") {
    MemoryRepository images;
    MemoryRepository nothing;
    Absent evidence(nothing);
    const StoredManifest image = put_image(images, "a", "v1");
    const auto source = join_sources(images, evidence);
    CHECK(value_of(source->list_referrers(image.descriptor.digest, "")).empty());
    evidence.code = ErrorCode::unavailable;
    CHECK(error_of(source->list_referrers(image.descriptor.digest, "")).code ==
          ErrorCode::unavailable);
}

} // namespace
} // namespace bulla::oci
