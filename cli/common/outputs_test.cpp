// SPDX-License-Identifier: Apache-2.0
#include "base/io/file.hpp"
#include "cli/common/outputs.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_dir.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <thread>

namespace bulla::cli {

namespace {

OutputSpec to(const std::string& path) {
    return {"json", {}, path};
}

std::size_t entries_of(const test::TempDir& folder) {
    const std::filesystem::directory_iterator all(folder.path());
    return static_cast<std::size_t>(std::distance(begin(all), end(all)));
}

} // namespace

TEST_CASE("outputs: nothing is visible before publish, and everything after", "[cli][output]") {
    const test::TempDir folder;
    const auto one = to(folder.file("one"));
    const auto two = to(folder.file("two"));
    Outputs outputs({one, two});
    test::value_of(outputs.prepare(one, "1"));
    test::value_of(outputs.prepare(two, "2"));
    CHECK_FALSE(std::filesystem::exists(one.path));
    test::value_of(outputs.publish());
    CHECK(test::value_of(read_file(one.path, 10)) == "1");
    CHECK(test::value_of(read_file(two.path, 10)) == "2");
    CHECK(entries_of(folder) == 2);
}

TEST_CASE("outputs: a failing output publishes none and leaves no temporary file",
          "[cli][output]") {
    const test::TempDir folder;
    const auto file = to(folder.file("sbom.json"));
    {
        Outputs outputs({file, to("/dev/full")});
        test::value_of(outputs.prepare(file, "1"));
        test::value_of(outputs.prepare(to("/dev/full"), "2"));
        CHECK(test::error_of(outputs.publish()).code == ErrorCode::io);
    }
    CHECK(entries_of(folder) == 0);
}

TEST_CASE("outputs: what is dropped leaves the old file as it was", "[cli][output]") {
    const test::TempDir folder;
    const auto file = to(folder.file("sbom.json"));
    test::value_of(write_file_atomically(file.path, "old"));
    {
        Outputs outputs({file});
        test::value_of(outputs.prepare(file, "new"));
    }
    CHECK(test::value_of(read_file(file.path, 10)) == "old");
    CHECK(entries_of(folder) == 1);
}

TEST_CASE("outputs: a missing folder fails when the output is prepared", "[cli][output]") {
    const test::TempDir folder;
    const auto file = to(folder.file("no/such/folder"));
    Outputs outputs({file});
    CHECK(test::error_of(outputs.prepare(file, "1")).code == ErrorCode::not_found);
}

TEST_CASE("outputs: a FIFO is written in place", "[cli][output]") {
    const test::TempDir folder;
    const auto fifo = to(folder.file("fifo"));
    REQUIRE(::mkfifo(fifo.path.c_str(), 0600) == 0);
    std::string seen;
    std::thread reader([&] { seen = test::value_of(read_file(fifo.path, 100)); });
    Outputs outputs({fifo});
    test::value_of(outputs.prepare(fifo, "through"));
    test::value_of(outputs.publish());
    reader.join();
    CHECK(seen == "through");
    CHECK(std::filesystem::is_fifo(fifo.path));
}

TEST_CASE("outputs: a descriptor of a regular file is written, not replaced",
          "[cli][output][regression]") {
    const test::TempDir folder;
    const FileDescriptor file(::open(folder.file("kept").c_str(), O_CREAT | O_RDWR, 0600));
    const auto held = to("/dev/fd/" + std::to_string(file.value()));
    Outputs outputs({held});
    test::value_of(outputs.prepare(held, "in place"));
    test::value_of(outputs.publish());
    std::array<char, 16> seen{};
    REQUIRE(::pread(file.value(), seen.data(), seen.size(), 0) == 8);
    CHECK(std::string_view(seen.data()) == "in place");
}

TEST_CASE("outputs: a symbolic link stays and its target is replaced", "[cli][output]") {
    const test::TempDir folder;
    test::value_of(write_file_atomically(folder.file("target"), "old"));
    std::filesystem::create_symlink("target", folder.file("link"));
    const auto link = to(folder.file("link"));
    Outputs outputs({link});
    test::value_of(outputs.prepare(link, "new"));
    test::value_of(outputs.publish());
    CHECK(std::filesystem::is_symlink(link.path));
    CHECK(test::value_of(read_file(folder.file("target"), 10)) == "new");
}

} // namespace bulla::cli
