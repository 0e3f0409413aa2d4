// SPDX-License-Identifier: Apache-2.0
#include "base/crypto/hasher.hpp"
#include "oci/rootfs/load_rootfs.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/memory_repository.hpp"
#include "tests/support/tar_builder.hpp"
#include "tests/support/temp_dir.hpp"
#include "tests/support/word_scanner.hpp"

#include <filesystem>

using namespace bulla;

namespace {

constexpr std::string_view kTarType = "application/vnd.oci.image.layer.v1.tar";

/// An image of plain tar layers in a repository, with a true config.
struct Image {
    test::MemoryRepository repository;
    oci::Manifest manifest{.media_type = std::string(oci::media_type::kManifest),
                           .config = oci::describe(std::string(oci::media_type::kConfig), "{}")};
    oci::ImageConfig config{.platform = {"linux", "amd64", ""}};

    void add(const std::string& tar) {
        manifest.layers.push_back(
            test::value_of(put_bytes(repository, std::string(kTarType), tar)));
        config.diff_ids.push_back(crypto::digest(tar));
    }
};

Result<oci::MergedRootfs> load(Image& image, const oci::LoadOptions& options = {}) {
    const std::vector<walk::PathPattern> patterns{{"**/lib/dpkg/status", 1 << 20}};
    const std::vector<walk::ScannerKind> scanners{test::word_scanner()};
    const auto reader = oci::make_in_process_layer_reader();
    NullProgressSink progress;
    return oci::load_rootfs(image.repository,
                            image.manifest,
                            image.config,
                            {.patterns = patterns, .version = "test", .scanners = scanners},
                            *reader,
                            options,
                            progress);
}

std::string content_of(const oci::MergedRootfs& tree, std::string_view path) {
    const auto file = tree.find(path);
    REQUIRE(file);
    return std::string(test::value_of(tree.read(*file)).bytes());
}

} // namespace

TEST_CASE("load rootfs: a file that a passing look is not enough for is read once more",
          "[oci][rootfs]") {
    Image image;
    image.add(test::TarBuilder()
                  .file("usr/bin/tool", "#words " + std::string(100, 'x') + " look back")
                  .file("usr/bin/plain", "#words " + std::string(100, 'x'))
                  .file("store/blob", "named")
                  .symlink("a.words", "store/blob")
                  .finish());
    const auto tree = test::value_of(load(image));
    std::vector<std::string> lines;
    test::value_of(tree.for_each_scanned("words", [&](const FileEntry& file, ByteView facts) {
        lines.push_back(file.path + " " + std::string(facts));
        return ok();
    }));
    CHECK(lines == std::vector<std::string>{"store/blob 5!named",
                                            "usr/bin/plain 107:#words",
                                            "usr/bin/tool 117!#words"});
}

TEST_CASE("load rootfs: layers from a source without files become one tree", "[oci][rootfs]") {
    Image image;
    image.add(test::TarBuilder().file("var/lib/dpkg/status", "old").finish());
    image.add(test::TarBuilder().file("var/lib/dpkg/status", "new").finish());
    const auto tree = test::value_of(load(image));
    CHECK(content_of(tree, "var/lib/dpkg/status") == "new");
    CHECK(tree.layers() ==
          std::vector{image.config.diff_ids[0].to_string(), image.config.diff_ids[1].to_string()});
}

TEST_CASE("load rootfs: the content behind a wanted link is read although nobody wanted its name",
          "[oci][rootfs]") {
    Image image;
    image.add(test::TarBuilder().file("hidden/data", "the packages").finish());
    image.add(test::TarBuilder().symlink("var/lib/dpkg/status", "/hidden/data").finish());
    const auto tree = test::value_of(load(image));
    CHECK(content_of(tree, "var/lib/dpkg/status") == "the packages");
}

TEST_CASE("load rootfs: the content behind a wanted hard link is read as well", "[oci][rootfs]") {
    Image image;
    image.add(test::TarBuilder()
                  .file("hidden", "the packages")
                  .hard_link("var/lib/dpkg/status", "hidden")
                  .finish());
    const auto tree = test::value_of(load(image));
    CHECK(content_of(tree, "var/lib/dpkg/status") == "the packages");
}

TEST_CASE("load rootfs: a lying source is an integrity error", "[oci][rootfs]") {
    Image image;
    image.add(test::TarBuilder().file("var/lib/dpkg/status", "true").finish());
    image.repository.replace_blob(image.manifest.layers[0].digest,
                                  test::TarBuilder().file("var/lib/dpkg/status", "lies").finish());
    CHECK(test::error_of(load(image)).code == ErrorCode::integrity);
}

TEST_CASE(
    "load rootfs: a wrong diff_id is noticed under verify, and is the config's claim otherwise",
    "[oci][rootfs]") {
    Image image;
    image.add(test::TarBuilder().file("var/lib/dpkg/status", "x").finish());
    image.config.diff_ids[0] = crypto::digest("another layer");
    test::value_of(load(image));
    CHECK(test::error_of(load(image, {.diff_id_check = oci::DiffIdCheck::verify})).code ==
          ErrorCode::integrity);
}

TEST_CASE("load rootfs: a manifest and a config that disagree about the layers are refused",
          "[oci][rootfs]") {
    Image image;
    image.add(test::TarBuilder().file("a", "x").finish());
    image.config.diff_ids.push_back(crypto::digest("one too many"));
    CHECK(test::error_of(load(image)).code == ErrorCode::malformed);
}

TEST_CASE("load rootfs: all layers that are no file archives are named", "[oci][rootfs]") {
    Image image;
    image.add(test::TarBuilder().file("a", "x").finish());
    image.add(test::TarBuilder().file("b", "x").finish());
    image.manifest.layers[0].media_type = "application/vnd.oci.image.layer.v1.tar+encrypted";
    image.manifest.layers[1].media_type = "application/vnd.example.unknown";
    const auto error = test::error_of(load(image));
    CHECK(error.code == ErrorCode::unsupported);
    CHECK(error.context.size() == 2);
}

TEST_CASE("load rootfs: a cached layer is not read again", "[oci][rootfs]") {
    const test::TempDir dir;
    const oci::LayerCache cache(dir.file("cache"));
    Image image;
    image.add(test::TarBuilder().file("var/lib/dpkg/status", "true").finish());
    test::value_of(load(image, {.cache = &cache}));
    image.repository.replace_blob(image.manifest.layers[0].digest, "gone");
    CHECK(content_of(test::value_of(load(image, {.cache = &cache})), "var/lib/dpkg/status") ==
          "true");
}

TEST_CASE(
    "load rootfs: a config that claims a cached layer's diff_id for another blob changes nothing",
    "[oci][rootfs]") {
    const test::TempDir dir;
    const oci::LayerCache cache(dir.file("cache"));
    Image honest;
    honest.add(test::TarBuilder().file("var/lib/dpkg/status", "harmless").finish());
    test::value_of(load(honest, {.cache = &cache}));
    Image crafted;
    crafted.add(test::TarBuilder().file("var/lib/dpkg/status", "vulnerable").finish());
    crafted.config.diff_ids = honest.config.diff_ids;
    CHECK(content_of(test::value_of(load(crafted, {.cache = &cache})), "var/lib/dpkg/status") ==
          "vulnerable");
}
