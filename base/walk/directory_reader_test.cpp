// SPDX-License-Identifier: Apache-2.0
#include "base/core/limits.hpp"
#include "base/walk/directory_reader.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/facts.hpp"
#include "tests/support/temp_dir.hpp"

#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace bulla::walk {
namespace {

using test::error_of;
using test::TempDir;
using test::value_of;
using strings = std::vector<std::string>;

void write(const std::string& path, std::string_view content) {
    std::filesystem::create_directories(std::filesystem::path(path).parent_path());
    std::ofstream(path, std::ios::binary) << content;
}

/// "KIND PATH [-> TARGET] [= CONTENT]" of every entry.
strings entries_of(const LayerFacts& facts) {
    strings out;
    facts.for_each([&](const EntryFact& fact) {
        std::string line;
        switch (fact.kind) {
        case EntryKind::regular:
            line = "file";
            break;
        case EntryKind::directory:
            line = "dir";
            break;
        case EntryKind::symlink:
            line = "symlink";
            break;
        case EntryKind::hard_link:
            line = "link";
            break;
        default:
            line = "special";
        }
        line += " " + std::string(fact.path);
        if (!fact.target.empty()) {
            line += " -> " + std::string(fact.target);
        }
        if (fact.content_state == ContentState::kept) {
            line += " = " + std::string(value_of(facts.read_content(fact)).bytes());
        }
        out.push_back(std::move(line));
    });
    return out;
}

TEST_CASE("directory: files in byte order, with the content that is wanted", "[walk][directory]") {
    const TempDir dir;
    write(dir.file("b/status"), "wanted");
    write(dir.file("b/other"), "not wanted");
    write(dir.file("a"), "x");
    write(dir.file("b.x"), "y");
    const auto found = value_of(read_directory(dir.path(), test::router_of({"**/status"})));
    CHECK(entries_of(found.facts) ==
          strings{"file a", "dir b", "file b/other", "file b/status = wanted", "file b.x"});
    CHECK(found.unread.empty());
}

TEST_CASE("directory: links are shown and never followed", "[walk][directory]") {
    const TempDir outside;
    write(outside.file("status"), "a secret");
    const TempDir dir;
    std::filesystem::create_symlink(outside.path(), dir.file("folder"));
    std::filesystem::create_symlink(outside.file("status"), dir.file("status"));
    write(dir.file("x/status"), "own");
    std::filesystem::create_hard_link(dir.file("x/status"), dir.file("y"));
    const auto found = value_of(read_directory(dir.path(), test::router_of({"**/status"})));
    CHECK(entries_of(found.facts) == strings{"symlink folder -> " + outside.path(),
                                             "symlink status -> " + outside.file("status"),
                                             "dir x",
                                             "file x/status = own",
                                             "link y -> x/status"});
}

TEST_CASE("directory: FIFOs and sockets are not opened, wanted or not", "[walk][directory]") {
    const TempDir dir;
    REQUIRE(mkfifo(dir.file("status").c_str(), 0600) == 0);
    const auto found = value_of(read_directory(dir.path(), test::router_of({"**/status"})));
    CHECK(entries_of(found.facts) == strings{"special status"});
}

TEST_CASE("directory: what cannot be opened is named and the rest is read", "[walk][directory]") {
    if (geteuid() == 0) {
        WARN("root opens everything: not tried");
        return;
    }
    const TempDir dir;
    write(dir.file("a/status"), "1");
    write(dir.file("b/status"), "2");
    write(dir.file("status"), "3");
    REQUIRE(chmod(dir.file("a").c_str(), 0) == 0);
    REQUIRE(chmod(dir.file("status").c_str(), 0) == 0);
    const auto found = value_of(read_directory(dir.path(), test::router_of({"**/status"})));
    chmod(dir.file("a").c_str(), 0700);
    REQUIRE(found.unread.size() == 2);
    CHECK(found.unread[0].path == "a");
    CHECK(found.unread[1].path == "status");
    CHECK(entries_of(found.facts) == strings{"dir a", "dir b", "file b/status = 2", "file status"});
}

TEST_CASE("directory: a name that deletes in a layer hides nothing here", "[walk][directory]") {
    const TempDir dir;
    write(dir.file(".wh.status"), "");
    write(dir.file("status"), "there");
    const auto found = value_of(read_directory(dir.path(), test::router_of({"**/status"})));
    REQUIRE(found.unread.size() == 1);
    CHECK(found.unread[0].path == ".wh.status");
    CHECK(entries_of(found.facts) == strings{"file status = there"});
}

TEST_CASE("directory: nesting is bounded", "[walk][directory]") {
    const TempDir dir;
    std::string path = dir.path();
    for (std::size_t i = 0; i < limits::kDirectoryDepth + 2; ++i) {
        path += "/d";
    }
    std::filesystem::create_directories(path);
    const auto found = value_of(read_directory(dir.path(), test::router_of({})));
    REQUIRE(found.unread.size() == 1);
    CHECK(found.unread[0].reason.find("deep") != std::string::npos);
    CHECK(found.facts.size() == limits::kDirectoryDepth + 1);
}

TEST_CASE("directory: a file larger than its pattern allows is not kept", "[walk][directory]") {
    const TempDir dir;
    write(dir.file("status"), "12345");
    const std::vector<PathPattern> patterns{{"status", 4}};
    const auto router =
        value_of(EntryRouter::compile({.patterns = patterns, .version = "test", .scanners = {}}));
    const auto found = value_of(read_directory(dir.path(), router));
    found.facts.for_each(
        [](const EntryFact& fact) { CHECK(fact.content_state == ContentState::too_large); });
    CHECK(found.facts.size() == 1);
}

TEST_CASE("directory: the root must be a folder", "[walk][directory]") {
    const TempDir dir;
    write(dir.file("file"), "x");
    const auto router = test::router_of({});
    CHECK(error_of(read_directory(dir.file("file"), router)).code == ErrorCode::malformed);
    CHECK(error_of(read_directory(dir.file("none"), router)).code == ErrorCode::not_found);
}

} // namespace
} // namespace bulla::walk
