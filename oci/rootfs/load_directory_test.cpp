// SPDX-License-Identifier: Apache-2.0
#include "oci/rootfs/load_directory.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_dir.hpp"

#include <filesystem>
#include <fstream>

namespace bulla::oci {
namespace {

using test::TempDir;
using test::value_of;

std::string read(const MergedRootfs& tree, std::string_view path) {
    const auto file = tree.find(path);
    REQUIRE(file);
    return std::string(value_of(tree.read(*file)).bytes());
}

const std::vector<walk::PathPattern> kWanted{{"etc/os-release", 1024}};

TEST_CASE("load directory: the file behind a wanted link is read, absolute links from the root",
          "[oci][rootfs]") {
    const TempDir dir;
    std::filesystem::create_directories(dir.file("etc"));
    std::filesystem::create_directories(dir.file("usr/lib"));
    std::ofstream(dir.file("usr/lib/os-release")) << "ID=test";
    std::filesystem::create_symlink("/usr/lib/os-release", dir.file("etc/os-release"));
    const auto loaded =
        value_of(load_directory(dir.path(), {.patterns = kWanted, .version = "1", .scanners = {}}));
    CHECK(read(loaded.tree, "etc/os-release") == "ID=test");
    CHECK(loaded.unread.empty());
}

TEST_CASE("load directory: a link out of the folder leads nowhere", "[oci][rootfs]") {
    const TempDir outside;
    std::ofstream(outside.file("os-release")) << "ID=outside";
    const TempDir dir;
    std::filesystem::create_directories(dir.file("etc"));
    std::filesystem::create_symlink("../.." + outside.file("os-release"),
                                    dir.file("etc/os-release"));
    const auto loaded =
        value_of(load_directory(dir.path(), {.patterns = kWanted, .version = "1", .scanners = {}}));
    CHECK_FALSE(loaded.tree.find("etc/os-release"));
}

} // namespace
} // namespace bulla::oci
