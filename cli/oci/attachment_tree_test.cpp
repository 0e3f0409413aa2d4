// SPDX-License-Identifier: Apache-2.0
#include "cli/oci/attachment_tree.hpp"
#include "oci/manifest/manifest.hpp"
#include "oci/store/layout_repository.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_dir.hpp"

#include <algorithm>

namespace bulla::cli::oci {

namespace {

namespace store = bulla::oci;

constexpr std::string_view kBundle = "application/vnd.dev.sigstore.bundle.v0.3+json";

/// A layout folder that manifests are put into.
struct Layout {
    test::TempDir folder;
    std::unique_ptr<store::Repository> repository =
        test::value_of(store::create_or_open_layout(folder.file("layout")));

    store::Descriptor blob(std::string type, ByteView bytes) {
        return test::value_of(store::put_bytes(*repository, std::move(type), bytes));
    }

    store::StoredManifest put(const store::Manifest& manifest, std::string_view tag) {
        const Bytes bytes = store::encode(manifest);
        const store::StoredManifest stored{store::describe(manifest.media_type, bytes), bytes};
        test::value_of(repository->put_manifest(stored, tag));
        return stored;
    }

    store::StoredManifest put(const store::Index& index, std::string_view tag) {
        const Bytes bytes = store::encode(index);
        const store::StoredManifest stored{store::describe(index.media_type, bytes), bytes};
        test::value_of(repository->put_manifest(stored, tag));
        return stored;
    }

    /// A manifest with one layer of that type and content.
    store::Manifest manifest(std::string type, ByteView content) {
        return {.media_type = std::string(store::media_type::kManifest),
                .config = blob(std::string(store::media_type::kEmpty), "{}"),
                .layers = {blob(std::move(type), content)}};
    }

    Node tree(const store::StoredManifest& top) {
        return test::value_of(read_tree(*repository, top));
    }
};

} // namespace

TEST_CASE("tree: referrers, what refers to those, and older tags hang below their manifest",
          "[cli][oci][tree]") {
    Layout layout;
    const auto image = layout.put(layout.manifest("application/x", "image"), "1");
    auto bundle = layout.manifest(std::string(kBundle), "bundle");
    bundle.artifact_type = kBundle;
    bundle.subject = image.descriptor;
    bundle.annotations["dev.sigstore.bundle.predicateType"] = "https://cyclonedx.org/bom";
    const auto referrer = layout.put(bundle, "");
    auto note = layout.manifest("text/plain", "note");
    note.subject = referrer.descriptor;
    layout.put(note, "");
    const auto tag = store::referrers_tag(image.descriptor.digest) + ".sig";
    layout.put(layout.manifest("application/sig", "signature"), tag);

    const Node top = layout.tree(image);
    REQUIRE(top.children.size() == 2);
    CHECK(top.children[0].link == Link::referrer);
    CHECK(top.children[0].descriptor.artifact_type == kBundle);
    CHECK(top.children[0].predicate == "https://cyclonedx.org/bom");
    REQUIRE(top.children[0].children.size() == 1);
    CHECK(top.children[0].children[0].link == Link::referrer);
    CHECK(top.children[1].link == Link::tag);
    CHECK(top.children[1].tag == tag);
    REQUIRE(top.children[1].children.size() == 1);
    CHECK(top.children[1].children[0].descriptor.media_type == "application/sig");
}

TEST_CASE("tree: BuildKit's attestations say which entry they are about, and absent entries are "
          "marked",
          "[cli][oci][tree]") {
    Layout layout;
    auto image = layout.put(layout.manifest("application/x", "image"), "").descriptor;
    image.platform = store::Platform{"linux", "amd64", ""};
    auto attestation = layout.put(layout.manifest("application/vnd.in-toto+json", "{}"), "");
    attestation.descriptor.annotations = {
        {"vnd.docker.reference.type", "attestation-manifest"},
        {"vnd.docker.reference.digest", image.digest.to_string()}};
    const auto absent = store::describe(std::string(store::media_type::kManifest), "absent");
    const auto top =
        layout.tree(layout.put(store::Index{.media_type = std::string(store::media_type::kIndex),
                                            .manifests = {image, attestation.descriptor, absent}},
                               "1"));

    REQUIRE(top.children.size() == 3);
    CHECK(top.children[0].link == Link::entry);
    CHECK_FALSE(top.children[0].missing);
    CHECK(top.children[1].link == Link::build_attestation);
    CHECK(top.children[1].about == image.digest.to_string());
    CHECK(top.children[1].about_platform == "linux/amd64");
    CHECK(top.children[2].missing);
    const auto text = to_text(top, "app");
    CHECK_THAT(text, Catch::Contains("├── linux/amd64  " + image.digest.to_string()));
    CHECK_THAT(text,
               Catch::Contains("├── attestation of linux/amd64  " +
                               attestation.descriptor.digest.to_string()));
    CHECK_THAT(text, Catch::Contains("└── entry  " + absent.digest.to_string()));
    CHECK_THAT(text, Catch::Contains("(missing)"));
}

TEST_CASE("tree: an attestation's platform \"unknown\" is not shown as one", "[cli][oci][tree]") {
    Node node{.descriptor = store::describe("a", "x")};
    auto attestation = store::describe("b", "y");
    attestation.platform = store::Platform{"unknown", "unknown", ""};
    node.children.push_back({.link = Link::build_attestation, .descriptor = attestation});
    CHECK_THAT(to_json(node, "app"), !Catch::Contains("unknown/unknown"));
    CHECK_THAT(to_text(node, "app"), !Catch::Contains("unknown/unknown"));
    node.children[0].link = Link::entry;
    CHECK_THAT(to_json(node, "app"), Catch::Contains("unknown/unknown"));
}

TEST_CASE("tree: what is attached to an index's entries and to their attestations is shown",
          "[cli][oci][tree]") {
    Layout layout;
    auto image = layout.put(layout.manifest("application/x", "image"), "").descriptor;
    image.platform = store::Platform{"linux", "arm64", ""};
    auto attestation =
        layout.put(layout.manifest("application/vnd.in-toto+json", "{}"), "").descriptor;
    attestation.annotations = {{"vnd.docker.reference.type", "attestation-manifest"},
                               {"vnd.docker.reference.digest", image.digest.to_string()}};
    for (const auto& subject : {image, attestation}) {
        auto bundle = layout.manifest(std::string(kBundle), subject.digest.to_string());
        bundle.artifact_type = kBundle;
        bundle.subject = subject;
        layout.put(bundle, "");
    }
    const auto top =
        layout.tree(layout.put(store::Index{.media_type = std::string(store::media_type::kIndex),
                                            .manifests = {image, attestation}},
                               "1"));
    REQUIRE(top.children.size() == 2);
    REQUIRE(top.children[0].children.size() == 1);
    CHECK(top.children[0].children[0].descriptor.artifact_type == kBundle);
    REQUIRE(top.children[1].children.size() == 2);
    CHECK(top.children[1].children[0].link == Link::layer);
    CHECK(top.children[1].children[1].link == Link::referrer);
}

/// A source whose lists of referrers say less, or something else, than the manifests do.
class BadLister final : public store::BlobSource {
  public:
    BadLister(store::BlobSource& inner, std::string type) : inner_(inner), type_(std::move(type)) {}

    std::string name() const override { return inner_.name(); }

    Result<store::StoredManifest> fetch_manifest(const Digest& digest) override {
        return inner_.fetch_manifest(digest);
    }

    Result<store::StoredManifest> fetch_tag(std::string_view tag) override {
        return inner_.fetch_tag(tag);
    }

    Result<std::unique_ptr<Reader>> open_blob(const store::Descriptor& blob) override {
        return inner_.open_blob(blob);
    }

    Result<std::vector<std::string>> list_tags() override { return inner_.list_tags(); }

    Result<std::vector<store::Descriptor>> list_referrers(const Digest& subject,
                                                          std::string_view type) override {
        BULLA_TRY_ASSIGN(auto listed, inner_.list_referrers(subject, type));
        for (auto& one : listed) {
            one.artifact_type = type_;
            one.annotations.clear();
        }
        return listed;
    }

  private:
    store::BlobSource& inner_;
    std::string type_;
};

TEST_CASE("tree: types that a listing lacks or gets wrong are taken from the manifest",
          "[cli][oci][tree]") {
    Layout layout;
    const auto image = layout.put(layout.manifest("application/x", "image"), "1");
    auto bundle = layout.manifest(std::string(kBundle), "bundle");
    bundle.artifact_type = kBundle;
    bundle.subject = image.descriptor;
    bundle.annotations["dev.sigstore.bundle.predicateType"] = "https://cyclonedx.org/bom";
    layout.put(bundle, "");
    const std::string listed =
        GENERATE(std::string(), std::string(store::media_type::kEmpty), std::string("text/x"));
    BadLister source(*layout.repository, listed);
    const Node top = test::value_of(read_tree(source, image));
    REQUIRE(top.children.size() == 1);
    CHECK(top.children[0].descriptor.artifact_type == kBundle);
    CHECK(top.children[0].predicate == "https://cyclonedx.org/bom");
}

TEST_CASE("tree: what annotations say cannot move the cursor", "[cli][oci][tree]") {
    Node node{.descriptor = store::describe("a\nb", "x")};
    node.children.push_back({.link = Link::referrer,
                             .descriptor = store::describe("application/x", "y"),
                             .predicate = "\x1b[2J\n"});
    const auto text = to_text(node, "app\r");
    CHECK(text.find('\x1b') == std::string::npos);
    CHECK(text.find('\r') == std::string::npos);
    CHECK(std::count(text.begin(), text.end(), '\n') == 2);
}

TEST_CASE("tree: as JSON it begins with its schema", "[cli][oci][tree]") {
    CHECK_THAT(to_json(Node{.descriptor = store::describe("a", "x")}, "app"),
               Catch::StartsWith("{\n  \"schema\": \"bulla.tree/1\",\n  \"name\": \"app\","));
}

} // namespace bulla::cli::oci
