// SPDX-License-Identifier: Apache-2.0
#include "oci/store/layout_repository.hpp"
#include "oci/store/new_layout.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/memory_repository.hpp"
#include "tests/support/temp_dir.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>

namespace bulla::oci {
namespace {

namespace fs = std::filesystem;

using test::put_image;
using test::TempDir;
using test::value_of;

std::vector<std::string> names_in(const fs::path& folder) {
    std::vector<std::string> out;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
        out.push_back(fs::relative(entry.path(), folder).string());
    }
    std::ranges::sort(out);
    return out;
}

TEST_CASE("new layout: one that stayed empty goes, with the folders made for it", "[oci][layout]") {
    const TempDir folder;
    const std::string ending = GENERATE("a/b", "a/b/");
    const std::string path = folder.file(ending);
    const NewLayout made(path);
    value_of(create_or_open_layout(path));
    fs::create_directories(path + "/blobs/sha256");
    made.remove_if_empty();
    CHECK(names_in(folder.path()).empty());
    CHECK(fs::exists(folder.path()));
}

TEST_CASE("new layout: a folder that was there stays, and is empty again", "[oci][layout]") {
    const TempDir folder;
    fs::create_directories(folder.file("there"));
    const NewLayout made(folder.file("there"));
    value_of(create_or_open_layout(folder.file("there")));
    made.remove_if_empty();
    CHECK(names_in(folder.path()) == std::vector<std::string>{"there"});
}

TEST_CASE("new layout: an empty layout that was there before stays", "[oci][layout]") {
    const TempDir folder;
    const std::string path = folder.file("layout");
    value_of(create_or_open_layout(path));
    const auto before = names_in(path);
    NewLayout(path).remove_if_empty();
    CHECK(names_in(path) == before);
}

TEST_CASE("new layout: whatever else is in it keeps everything", "[oci][layout]") {
    const TempDir folder;
    const std::string path = folder.file("layout");
    const NewLayout made(path);
    const auto store = value_of(create_or_open_layout(path));
    SECTION("a blob") {
        value_of(put_bytes(*store, "a/b", "content"));
    }
    SECTION("an image") {
        put_image(*store, "layer", "1");
    }
    SECTION("a file of somebody else") {
        std::ofstream(path + "/notes") << "mine";
    }
    const auto before = names_in(path);
    made.remove_if_empty();
    CHECK(names_in(path) == before);
}

TEST_CASE("new layout: a destination that is no folder is nothing to remove", "[oci][layout]") {
    const TempDir folder;
    NewLayout("").remove_if_empty();
    NewLayout(folder.file("never made")).remove_if_empty();
    CHECK(names_in(folder.path()).empty());
}

} // namespace
} // namespace bulla::oci
