// SPDX-License-Identifier: Apache-2.0
#include "base/core/limits.hpp"
#include "oci/layer/layer_cache.hpp"
#include "tests/support/layers.hpp"
#include "tests/support/tar_builder.hpp"
#include "tests/support/temp_dir.hpp"

#include <filesystem>
#include <fstream>

using namespace bulla;
using oci::LayerCache;
using test::TarBuilder;

namespace {

std::string layer_blob() {
    return test::gzip_stored(TarBuilder().file("a", "content of a").file("b").finish());
}

const walk::EntryRouter& router() {
    static const auto made = test::router_of({"a"});
    return made;
}

/// Every file in the cache's sub-folder.
std::vector<std::string> files_in(const std::string& folder) {
    std::vector<std::string> files;
    if (std::filesystem::exists(folder)) {
        for (const auto& entry : std::filesystem::directory_iterator(folder)) {
            files.push_back(entry.path().string());
        }
    }
    return files;
}

/// Reads through a cache and counts how often the blob was opened.
struct Run {
    std::string folder;
    int opened = 0;

    Result<walk::LayerFacts> read(const std::string& blob,
                                  const std::optional<Digest>& diff_id = {},
                                  const walk::EntryRouter& with = router()) {
        const LayerCache cache(folder);
        NullLogger logger;
        NullProgressSink sink;
        const auto task = sink.begin("layer", 0);
        const auto reader = oci::make_in_process_layer_reader();
        oci::LayerJob job{
            .blob = {}, .blob_digest = crypto::digest(blob), .blob_size = blob.size()};
        job.diff_id = diff_id;
        job.diff_id_check = diff_id ? oci::DiffIdCheck::verify : oci::DiffIdCheck::trust;
        return oci::read_layer_cached(
            {.cache = &cache, .reader = *reader, .router = with, .logger = logger},
            std::move(job),
            [&](oci::LayerJob& opened_job) {
                ++opened;
                opened_job.blob = test::file_with(blob);
                return ok();
            },
            *task);
    }
};

} // namespace

TEST_CASE("layer cache: a layer is read once", "[oci][cache]") {
    const test::TempDir dir;
    Run run{dir.file("new/cache")};
    const auto first = test::value_of(run.read(layer_blob()));
    const auto second = test::value_of(run.read(layer_blob()));
    CHECK(run.opened == 1);
    CHECK(first.bytes() == second.bytes());
}

TEST_CASE("layer cache: another blob or another router is another entry", "[oci][cache]") {
    const test::TempDir dir;
    Run run{dir.path()};
    test::value_of(run.read(layer_blob()));
    test::value_of(run.read(test::gzip_stored(TarBuilder().file("a", "x").finish())));
    test::value_of(run.read(layer_blob(), {}, test::router_of({"b"})));
    CHECK(run.opened == 3);
}

TEST_CASE("layer cache: any changed or missing byte of an entry is a miss", "[oci][cache]") {
    const test::TempDir dir;
    Run run{dir.path()};
    const auto facts = test::value_of(run.read(layer_blob()));
    const auto path = files_in(dir.file("layers")).at(0);
    const auto good = test::value_of(read_file(path, limits::kMiB));
    const LayerCache cache(dir.path());
    NullLogger logger;
    const auto digest = crypto::digest(layer_blob());
    REQUIRE(cache.find(digest, router(), logger));
    for (std::size_t at = 0; at < good.size(); ++at) {
        auto bad = good;
        bad[at] = static_cast<char>(bad[at] ^ 1);
        std::ofstream(path, std::ios::binary | std::ios::trunc) << bad;
        CAPTURE(at);
        REQUIRE_FALSE(cache.find(digest, router(), logger));
        std::ofstream(path, std::ios::binary | std::ios::trunc) << good.substr(0, at);
        REQUIRE_FALSE(cache.find(digest, router(), logger));
    }
    run.opened = 0;
    CHECK(test::value_of(run.read(layer_blob())).bytes() == facts.bytes());
    CHECK(run.opened == 1);
    CHECK(cache.find(digest, router(), logger));
}

TEST_CASE("layer cache: a sound entry under another layer's name is a miss", "[oci][cache]") {
    const test::TempDir dir;
    Run run{dir.path()};
    test::value_of(run.read(layer_blob()));
    const auto first = files_in(dir.file("layers")).at(0);
    const auto other = test::gzip_stored(TarBuilder().file("a", "other").finish());
    std::filesystem::rename(first, dir.file("kept"));
    test::value_of(run.read(other));
    const auto second = files_in(dir.file("layers")).at(0);
    std::filesystem::rename(dir.file("kept"), second);
    run.opened = 0;
    test::value_of(run.read(other));
    CHECK(run.opened == 1);
}

TEST_CASE("layer cache: a layer that does not hold is not stored", "[oci][cache]") {
    const test::TempDir dir;
    const LayerCache cache(dir.path());
    NullLogger logger;
    NullProgressSink sink;
    const auto task = sink.begin("layer", 0);
    const auto reader = oci::make_in_process_layer_reader();
    const auto blob = layer_blob();
    auto result = oci::read_layer_cached(
        {.cache = &cache, .reader = *reader, .router = router(), .logger = logger},
        {.blob = {}, .blob_digest = crypto::digest("another"), .blob_size = blob.size()},
        [&](oci::LayerJob& job) {
            job.blob = test::file_with(blob);
            return ok();
        },
        *task);
    CHECK(test::error_of(std::move(result)).code == ErrorCode::integrity);
    CHECK(files_in(dir.file("layers")).empty());
}

TEST_CASE("layer cache: a diff_id that belongs to another cached layer changes nothing",
          "[oci][cache]") {
    const test::TempDir dir;
    Run run{dir.path()};
    const auto other_tar = TarBuilder().file("a", "other").finish();
    test::value_of(run.read(test::gzip_stored(other_tar), crypto::digest(other_tar)));
    // Without --strict the claim is not looked at, with it the layer is refused.
    const auto facts = test::value_of(run.read(layer_blob()));
    CHECK(facts.size() == 2);
    CHECK(test::error_of(run.read(layer_blob(), crypto::digest(other_tar))).code ==
          ErrorCode::integrity);
}

TEST_CASE("layer cache: under --strict an entry without the second hash is read again, one with "
          "it is compared",
          "[oci][cache]") {
    const test::TempDir dir;
    Run run{dir.path()};
    const auto tar = TarBuilder().file("a", "content of a").file("b").finish();
    test::value_of(run.read(layer_blob()));
    test::value_of(run.read(layer_blob(), crypto::digest(tar)));
    CHECK(run.opened == 2);
    test::value_of(run.read(layer_blob(), crypto::digest(tar)));
    CHECK(run.opened == 2);
    CHECK(test::error_of(run.read(layer_blob(), crypto::digest("lie"))).code ==
          ErrorCode::integrity);
    CHECK(run.opened == 2);
}

TEST_CASE("layer cache: large kept content has a file of its own, and damage to it is a miss",
          "[oci][cache]") {
    const test::TempDir dir;
    Run run{dir.path()};
    const std::string large(limits::kKeptInMemoryBytes + 1, 'L');
    const auto blob = test::gzip_stored(TarBuilder().file("a", large).finish());
    test::value_of(run.read(blob));
    const auto facts = test::value_of(run.read(blob));
    CHECK(run.opened == 1);
    walk::EntryFact kept;
    facts.for_each([&](const walk::EntryFact& fact) { kept = fact; });
    CHECK((test::value_of(facts.read_content(kept)).bytes() == large));
    const auto content = files_in(dir.file("content"));
    REQUIRE(content.size() == 1);
    {
        std::fstream file(content[0], std::ios::in | std::ios::out | std::ios::binary);
        file.seekp(1000);
        file.put('x');
    }
    test::value_of(run.read(blob));
    CHECK(run.opened == 2);
    std::filesystem::remove(content[0]);
    test::value_of(run.read(blob));
    CHECK(run.opened == 3);
}

TEST_CASE("layer cache: a folder that cannot be written does not stop the reading",
          "[oci][cache]") {
    const test::TempDir dir;
    std::ofstream(dir.file("file")) << "in the way";
    Run run{dir.file("file")};
    CHECK(test::value_of(run.read(layer_blob())).size() == 2);
}
