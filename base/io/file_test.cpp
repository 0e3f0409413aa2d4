// SPDX-License-Identifier: Apache-2.0
#include "base/io/file.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_dir.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

using namespace bulla;
namespace fs = std::filesystem;

namespace {
std::size_t entries_in(const std::string& folder) {
    return static_cast<std::size_t>(
        std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
}
} // namespace

TEST_CASE("atomic file: the target appears with commit and not before", "[base][io]") {
    const test::TempDir dir;
    const auto path = dir.file("out");
    {
        auto file = test::value_of(AtomicFile::create(path));
        test::value_of(file.write("new"));
        CHECK_FALSE(fs::exists(path));
        test::value_of(file.commit());
    }
    CHECK(test::value_of(read_file(path, 100)) == "new");
    CHECK(entries_in(dir.path()) == 1);
}

TEST_CASE("atomic file: without commit the old content stays and nothing is left beside it",
          "[base][io]") {
    const test::TempDir dir;
    const auto path = dir.file("out");
    test::value_of(write_file_atomically(path, "old"));
    {
        auto file = test::value_of(AtomicFile::create(path));
        test::value_of(file.write("half"));
    }
    CHECK(test::value_of(read_file(path, 100)) == "old");
    CHECK(entries_in(dir.path()) == 1);
}

TEST_CASE("atomic file: something that is not a regular file is written in place", "[base][io]") {
    test::value_of(write_file_atomically("/dev/null", "gone"));
    struct stat info{};
    REQUIRE(stat("/dev/null", &info) == 0);
    CHECK(S_ISCHR(info.st_mode));
}

TEST_CASE("atomic file: a new file has the mode asked for, an old one keeps its own",
          "[base][io]") {
    const test::TempDir dir;
    const auto path = dir.file("key");
    test::value_of(write_file_atomically(path, "secret", Durability::synced, 0600));
    struct stat info{};
    REQUIRE(stat(path.c_str(), &info) == 0);
    CHECK((info.st_mode & 0777) == 0600);
    test::value_of(write_file_atomically(path, "again"));
    REQUIRE(stat(path.c_str(), &info) == 0);
    CHECK((info.st_mode & 0777) == 0600);
}

TEST_CASE("atomic file: a mode that is asked for holds also where a more open file was",
          "[base][io][regression]") {
    const test::TempDir dir;
    const auto path = dir.file("key");
    test::value_of(write_file_atomically(path, "old", Durability::synced, 0644));
    test::value_of(write_file_atomically(path, "secret", Durability::synced, 0600));
    struct stat info{};
    REQUIRE(stat(path.c_str(), &info) == 0);
    CHECK((info.st_mode & 0777) == 0600);
}

TEST_CASE("remove_temporary_files: an unfinished file is removed, the target is not touched",
          "[base][io]") {
    const test::TempDir dir;
    auto file = test::value_of(AtomicFile::create(dir.file("out")));
    CHECK(entries_in(dir.path()) == 1);
    remove_temporary_files();
    CHECK(entries_in(dir.path()) == 0);
}

TEST_CASE("read_file: a missing file is not_found and a folder is malformed", "[base][io]") {
    const test::TempDir dir;
    CHECK(test::error_of(read_file(dir.file("none"), 10)).code == ErrorCode::not_found);
    CHECK(test::error_of(read_file(dir.path(), 10)).code == ErrorCode::malformed);
}

TEST_CASE("read_file: one byte over the limit is refused", "[base][io]") {
    const test::TempDir dir;
    test::value_of(write_file_atomically(dir.file("f"), "12345"));
    CHECK(test::value_of(read_file(dir.file("f"), 5)) == "12345");
    CHECK(test::error_of(read_file(dir.file("f"), 4)).code == ErrorCode::limit_exceeded);
}

TEST_CASE("make_unlinked_file: it holds bytes and has no name", "[base][io]") {
    const test::TempDir dir;
    setenv("TMPDIR", dir.path().c_str(), 1);
    const auto file = test::value_of(make_unlinked_file());
    unsetenv("TMPDIR");
    test::value_of(write_all(file.value(), "abc"));
    CHECK(entries_in(dir.path()) == 0);
    std::string back(3, '\0');
    CHECK(pread(file.value(), back.data(), 3, 0) == 3);
    CHECK(back == "abc");
}
