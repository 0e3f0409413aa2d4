// SPDX-License-Identifier: Apache-2.0
#include "base/crypto/hasher.hpp"
#include "base/io/file.hpp"
#include "base/json/json.hpp"
#include "oci/store/layout_repository.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/memory_repository.hpp"
#include "tests/support/temp_dir.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <thread>

namespace bulla::oci {
namespace {

using test::error_of;
using test::put_artifact;
using test::put_image;
using test::put_index;
using test::TempDir;
using test::value_of;
using strings = std::vector<std::string>;

void write_text(const std::string& path, std::string_view text) {
    std::ofstream(path, std::ios::binary) << text;
}

std::string blob_path(const std::string& layout, const Digest& digest) {
    return layout + "/blobs/sha256/" + digest.hex();
}

TEST_CASE("layout: an image that was stored is found by its name and as the only one",
          "[oci][layout]") {
    const TempDir dir;
    const auto layout = value_of(create_or_open_layout(dir.file("l")));
    const StoredManifest image = put_image(*layout, "layer", "v1");
    const auto again = value_of(open_layout(dir.file("l")));
    CHECK(value_of(again->fetch_tag("v1")).bytes == image.bytes);
    CHECK(value_of(again->fetch_tag("")).descriptor.digest == image.descriptor.digest);
    CHECK(value_of(again->fetch_manifest(image.descriptor.digest)).descriptor.media_type ==
          media_type::kManifest);
    CHECK(value_of(again->list_tags()) == strings{"v1"});
}

TEST_CASE("layout: the files are those of the specification", "[oci][layout]") {
    const TempDir dir;
    const auto layout = value_of(create_or_open_layout(dir.file("l")));
    const StoredManifest image = put_image(*layout, "layer", "v1");
    CHECK(value_of(read_file(dir.file("l/oci-layout"), 100)) ==
          R"({"imageLayoutVersion":"1.0.0"})");
    const auto index =
        value_of(json::Document::parse(value_of(read_file(dir.file("l/index.json"), 10000))));
    const json::Value entry = index.root()["manifests"][std::size_t{0}];
    CHECK(entry["digest"].string() == image.descriptor.digest.to_string());
    CHECK(entry["annotations"]["org.opencontainers.image.ref.name"].string() == "v1");
    CHECK(value_of(read_file(blob_path(dir.file("l"), image.descriptor.digest), 10000)) ==
          image.bytes);
}

TEST_CASE("layout: a name that is stored again moves, and other entries stay as they were",
          "[oci][layout]") {
    const TempDir dir;
    const auto layout = value_of(create_or_open_layout(dir.file("l")));
    put_image(*layout, "one", "a");
    const std::string before = value_of(read_file(dir.file("l/index.json"), 10000));
    std::string text = before;
    text.insert(text.find("\"mediaType\":\"application/vnd.oci.image.manifest"),
                R"("urls":["u"],)");
    write_text(dir.file("l/index.json"), text);
    const StoredManifest two = put_image(*layout, "two", "b");
    const StoredManifest three = put_image(*layout, "three", "b");
    const std::string after = value_of(read_file(dir.file("l/index.json"), 10000));
    CHECK(after.find(R"("urls":["u"])") != std::string::npos);
    CHECK(after.find(two.descriptor.digest.hex()) == std::string::npos);
    CHECK(value_of(layout->fetch_tag("b")).descriptor.digest == three.descriptor.digest);
}

TEST_CASE("layout: which image is meant must be said when there are several", "[oci][layout]") {
    const TempDir dir;
    const auto layout = value_of(create_or_open_layout(dir.file("l")));
    put_image(*layout, "one", "a");
    put_image(*layout, "two", "b");
    const Error error = error_of(layout->fetch_tag(""));
    CHECK(error.code == ErrorCode::not_found);
    REQUIRE(error.context.size() == 1);
    CHECK(error.context[0].value == "a, b");
    CHECK(error_of(layout->fetch_tag("c")).context[0].value == "a, b");
}

TEST_CASE("layout: signatures beside an image do not make it ambiguous", "[oci][layout]") {
    const TempDir dir;
    const auto layout = value_of(create_or_open_layout(dir.file("l")));
    const StoredManifest image = put_image(*layout, "one", "a");
    put_artifact(*layout, image.descriptor, "application/vnd.example", "signature");
    put_image(*layout, "legacy", "sha256-" + image.descriptor.digest.hex() + ".sig");
    CHECK(value_of(layout->fetch_tag("")).descriptor.digest == image.descriptor.digest);
}

TEST_CASE("layout: full names that other tools write are found by their tag", "[oci][layout]") {
    const TempDir dir;
    const auto layout = value_of(create_or_open_layout(dir.file("l")));
    const StoredManifest image = put_image(*layout, "one", "registry.example:5000/team/app:v7");
    CHECK(value_of(layout->fetch_tag("v7")).descriptor.digest == image.descriptor.digest);
    CHECK(value_of(layout->fetch_tag("registry.example:5000/team/app:v7")).descriptor.digest ==
          image.descriptor.digest);
    CHECK(error_of(layout->fetch_tag("5000/team/app:v7")).code == ErrorCode::not_found);
}

TEST_CASE("layout: referrers are the listed manifests with that subject", "[oci][layout]") {
    const TempDir dir;
    const auto layout = value_of(create_or_open_layout(dir.file("l")));
    const StoredManifest image = put_image(*layout, "one", "a");
    const StoredManifest other = put_image(*layout, "two", "b");
    const StoredManifest artifact = put_artifact(*layout, image.descriptor, "a/b", "x");
    put_artifact(*layout, other.descriptor, "a/b", "y");
    const auto all = value_of(layout->list_referrers(image.descriptor.digest, ""));
    REQUIRE(all.size() == 1);
    CHECK(all[0].digest == artifact.descriptor.digest);
    CHECK(all[0].artifact_type == "a/b");
    CHECK(all[0].annotations.at("org.example.note") == "kept");
    CHECK(value_of(layout->list_referrers(image.descriptor.digest, "c/d")).empty());
}

TEST_CASE("layout: a listed artifact whose manifest is gone is an error, not an absence",
          "[oci][layout][regression]") {
    const TempDir dir;
    const auto layout = value_of(create_or_open_layout(dir.file("l")));
    const StoredManifest image = put_image(*layout, "one", "a");
    const StoredManifest artifact = put_artifact(*layout, image.descriptor, "a/b", "x");
    std::filesystem::remove(blob_path(dir.file("l"), artifact.descriptor.digest));
    CHECK(error_of(layout->list_referrers(image.descriptor.digest, "")).code ==
          ErrorCode::not_found);
}

TEST_CASE("layout: the fallback tag's list counts as well", "[oci][layout]") {
    const TempDir dir;
    const auto layout = value_of(create_or_open_layout(dir.file("l")));
    const StoredManifest image = put_image(*layout, "one", "a");
    const StoredManifest artifact = put_artifact(*layout, image.descriptor, "a/b", "x");
    // As a tool that copies tags alone would leave it: the artifact itself is not in index.json.
    write_text(dir.file("l/index.json"), R"({"schemaVersion":2,"manifests":[]})");
    Descriptor entry = artifact.descriptor;
    put_index(*layout, {entry}, referrers_tag(image.descriptor.digest));
    const auto found = value_of(layout->list_referrers(image.descriptor.digest, "a/b"));
    REQUIRE(found.size() == 1);
    CHECK(found[0].digest == artifact.descriptor.digest);
}

TEST_CASE("layout: a manifest whose bytes were changed is refused", "[oci][layout][integrity]") {
    const TempDir dir;
    const auto layout = value_of(create_or_open_layout(dir.file("l")));
    const StoredManifest image = put_image(*layout, "one", "a");
    std::string bytes = image.bytes;
    bytes.back() = ' ';
    write_text(blob_path(dir.file("l"), image.descriptor.digest), bytes);
    CHECK(error_of(layout->fetch_tag("a")).code == ErrorCode::integrity);
    CHECK(error_of(layout->fetch_manifest(image.descriptor.digest)).code == ErrorCode::integrity);
}

TEST_CASE("layout: a blob behind a symbolic link is refused", "[oci][layout][integrity]") {
    const TempDir dir;
    const auto layout = value_of(create_or_open_layout(dir.file("l")));
    const Descriptor blob = value_of(put_bytes(*layout, "a/b", "content"));
    const std::string path = blob_path(dir.file("l"), blob.digest);
    std::filesystem::rename(path, dir.file("outside"));
    std::filesystem::create_symlink(dir.file("outside"), path);
    CHECK(error_of(layout->open_blob(blob)).code == ErrorCode::malformed);
    std::filesystem::remove(path);
    std::filesystem::rename(dir.file("l/blobs"), dir.file("blobs"));
    std::filesystem::create_directory_symlink(dir.file("blobs"), dir.file("l/blobs"));
    std::filesystem::rename(dir.file("outside"), dir.file("blobs/sha256/") + blob.digest.hex());
    CHECK(error_of(layout->open_blob(blob)).code == ErrorCode::malformed);
}

TEST_CASE("layout: a FIFO where a blob should be does not hold us up", "[oci][layout]") {
    const TempDir dir;
    const auto layout = value_of(create_or_open_layout(dir.file("l")));
    const Descriptor blob = value_of(put_bytes(*layout, "a/b", "content"));
    const std::string path = blob_path(dir.file("l"), blob.digest);
    std::filesystem::remove(path);
    REQUIRE(mkfifo(path.c_str(), 0600) == 0);
    CHECK(error_of(layout->open_blob(blob)).code == ErrorCode::malformed);
}

TEST_CASE("layout: a blob that does not verify leaves nothing behind", "[oci][layout][integrity]") {
    const TempDir dir;
    const auto layout = value_of(create_or_open_layout(dir.file("l")));
    Descriptor blob = describe("a/b", "content");
    MemoryReader other("CONTENT");
    CHECK(error_of(layout->put_blob(blob, other)).code == ErrorCode::integrity);
    MemoryReader shorter("conten");
    CHECK(error_of(layout->put_blob(blob, shorter)).code == ErrorCode::integrity);
    MemoryReader longer("contents");
    CHECK(error_of(layout->put_blob(blob, longer)).code == ErrorCode::integrity);
    CHECK(std::filesystem::is_empty(dir.file("l/blobs/sha256")));
}

TEST_CASE("layout: what is no layout is not opened", "[oci][layout]") {
    const TempDir dir;
    CHECK(error_of(open_layout(dir.file("none"))).code == ErrorCode::not_found);
    const std::string folder = dir.file("l");
    std::filesystem::create_directory(folder);
    CHECK(error_of(open_layout(folder)).code == ErrorCode::malformed);
    write_text(folder + "/oci-layout", R"({"imageLayoutVersion":"1.0.0"})");
    CHECK(error_of(open_layout(folder)).code == ErrorCode::malformed);
    write_text(folder + "/index.json", R"({"schemaVersion":2,"manifests":[]})");
    CHECK(open_layout(folder).has_value());
    write_text(folder + "/oci-layout", R"({"imageLayoutVersion":"2.0.0"})");
    CHECK(error_of(open_layout(folder)).code == ErrorCode::malformed);
}

TEST_CASE("layout: a folder with other files is not made into one", "[oci][layout]") {
    const TempDir dir;
    write_text(dir.file("precious"), "x");
    CHECK(error_of(create_or_open_layout(dir.path())).code == ErrorCode::usage);
}

TEST_CASE("layout: writers at the same time lose nothing", "[oci][layout]") {
    const TempDir dir;
    value_of(create_or_open_layout(dir.file("l")));
    std::vector<std::thread> writers;
    for (int i = 0; i < 6; ++i) {
        writers.emplace_back([&, i] {
            const auto layout = create_or_open_layout(dir.file("l"));
            put_image(**layout, "layer " + std::to_string(i), "t" + std::to_string(i));
        });
    }
    for (std::thread& writer : writers) {
        writer.join();
    }
    const auto layout = value_of(open_layout(dir.file("l")));
    CHECK(value_of(layout->list_tags()) == strings{"t0", "t1", "t2", "t3", "t4", "t5"});
}

TEST_CASE("layout: the same calls give the same index", "[oci][layout]") {
    const TempDir dir;
    std::string texts[2];
    for (int i = 0; i < 2; ++i) {
        const std::string folder = dir.file(std::to_string(i));
        const auto layout = value_of(create_or_open_layout(folder));
        const StoredManifest image = put_image(*layout, "one", "a");
        put_artifact(*layout, image.descriptor, "a/b", "x");
        put_artifact(*layout, image.descriptor, "a/b", "x");
        texts[i] = value_of(read_file(folder + "/index.json", 10000));
    }
    CHECK(texts[0] == texts[1]);
}

} // namespace
} // namespace bulla::oci
