// SPDX-License-Identifier: Apache-2.0
#include "base/io/file.hpp"
#include "oci/archive/archive_file.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/tar_builder.hpp"
#include "tests/support/temp_dir.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <thread>

namespace bulla::oci {
namespace {

using test::error_of;
using test::TarBuilder;
using test::TempDir;
using test::value_of;
using strings = std::vector<std::string_view>;

/// An archive file with these bytes.
class Written {
  public:
    explicit Written(std::string_view bytes) { std::ofstream(path(), std::ios::binary) << bytes; }

    std::string path() const { return dir_.file("app.tar"); }

    Result<ArchiveFile> open() const { return ArchiveFile::open(path()); }

  private:
    TempDir dir_;
};

std::string read(const ArchiveFile& archive, std::string_view member) {
    return value_of(archive.read_member(member, 1 << 20U));
}

Error failure(const ArchiveFile& archive, std::string_view member) {
    return error_of(archive.read_member(member, 1 << 20U));
}

TEST_CASE("archive: members are found by name, with or without ./ in front", "[oci][archive]") {
    const Written file(TarBuilder()
                           .directory("./blobs/")
                           .file("./blobs/one", "first")
                           .file("two", std::string(100'000, 'x'))
                           .file("three", "third")
                           .finish());
    const auto archive = value_of(file.open());
    CHECK(archive.names() == strings{"blobs", "blobs/one", "three", "two"});
    CHECK(read(archive, "blobs/one") == "first");
    CHECK(read(archive, "./blobs//one") == "first");
    CHECK(read(archive, "two") == std::string(100'000, 'x'));
    CHECK(read(archive, "three") == "third");
    CHECK(failure(archive, "four").code == ErrorCode::not_found);
    CHECK(failure(archive, "blobs").code == ErrorCode::malformed);
}

TEST_CASE("archive: an opened member ends where its content ends", "[oci][archive]") {
    const Written file(TarBuilder().file("a", "AAAA").file("b", "BBBB").finish());
    const auto archive = value_of(file.open());
    auto a = value_of(archive.open_member("a"));
    CHECK(a.size == 4);
    const auto reader = make_reader(std::move(a), "a");
    CHECK(value_of(read_all(*reader, 100, "a")) == "AAAA");
}

TEST_CASE("archive: links are followed inside the archive", "[oci][archive]") {
    const Written file(TarBuilder()
                           .file("1/layer.tar", "layer")
                           .symlink("2/layer.tar", "../1/layer.tar")
                           .symlink("3/layer.tar", "../2/layer.tar")
                           .hard_link("4/layer.tar", "1/layer.tar")
                           .finish());
    const auto archive = value_of(file.open());
    for (const char* name : {"2/layer.tar", "3/layer.tar", "4/layer.tar"}) {
        CAPTURE(name);
        CHECK(read(archive, name) == "layer");
    }
}

TEST_CASE("archive: a link that leads out, round or nowhere is refused", "[oci][archive]") {
    const Written file(TarBuilder()
                           .symlink("out", "../etc/passwd")
                           .symlink("absolute", "/etc/passwd")
                           .hard_link("hard", "../../etc/passwd")
                           .symlink("a", "b")
                           .symlink("b", "a")
                           .symlink("dangling", "nothing")
                           .finish());
    const auto archive = value_of(file.open());
    for (const char* name : {"out", "absolute", "hard", "a"}) {
        CAPTURE(name);
        CHECK(failure(archive, name).code == ErrorCode::malformed);
    }
    CHECK(failure(archive, "dangling").code == ErrorCode::not_found);
}

TEST_CASE("archive: names outside of the archive are no members", "[oci][archive]") {
    const Written file(
        TarBuilder().file("/manifest.json", "[]").file("../oci-layout", "{}").finish());
    const auto archive = value_of(file.open());
    CHECK(archive.names().empty());
    CHECK(failure(archive, "/manifest.json").code == ErrorCode::malformed);
    CHECK(failure(archive, "../oci-layout").code == ErrorCode::malformed);
}

TEST_CASE("archive: members of one name must be the same bytes", "[oci][archive]") {
    const Written file(TarBuilder()
                           .file("same", "bytes")
                           .file("./same", "bytes")
                           .file("longer", "bytes")
                           .file("longer", "bytes and more")
                           .file("other", "bytes")
                           .file("other", "Bytes")
                           .file("kind", "bytes")
                           .symlink("kind", "same")
                           .finish());
    const auto archive = value_of(file.open());
    CHECK(read(archive, "same") == "bytes");
    for (const char* name : {"longer", "other", "kind"}) {
        CAPTURE(name);
        CHECK(failure(archive, name).code == ErrorCode::malformed);
    }
}

TEST_CASE("archive: what is cut off or no archive is malformed and named", "[oci][archive]") {
    const std::string whole = TarBuilder().file("two", std::string(100'000, 'x')).finish();
    for (const std::string& bytes : {whole.substr(0, 300),
                                     whole.substr(0, 512 + 70'000),
                                     whole.substr(0, 512 + 99'999),
                                     std::string(1000, 'a')}) {
        CAPTURE(bytes.size());
        const Written file(bytes);
        const Error error = error_of(file.open());
        CHECK(error.code == ErrorCode::malformed);
        REQUIRE_FALSE(error.context.empty());
        CHECK(error.context.front().value == file.path());
    }
    CHECK(error_of(ArchiveFile::open("/nowhere/app.tar")).code == ErrorCode::not_found);
    CHECK(error_of(ArchiveFile::open("/")).code == ErrorCode::malformed);
}

TEST_CASE("archive: gzip and zstd are told by their magic bytes", "[oci][archive]") {
    const std::string tar = TarBuilder().file("two", std::string(100'000, 'x')).finish();
    for (const std::string& bytes : {test::gzip_stored(tar), test::zstd_raw(tar)}) {
        const Written file(bytes);
        CHECK(read(value_of(file.open()), "two") == std::string(100'000, 'x'));
    }
    const std::string gzip = test::gzip_stored(tar);
    const Written cut(std::string_view(gzip).substr(0, gzip.size() - 10));
    CHECK(error_of(cut.open()).code == ErrorCode::malformed);
}

TEST_CASE("archive: a FIFO is read like a file", "[oci][archive]") {
    const TempDir dir;
    REQUIRE(mkfifo(dir.file("pipe").c_str(), 0600) == 0);
    const std::string tar = TarBuilder().file("one", "first").finish();
    std::thread writer([&] { std::ofstream(dir.file("pipe"), std::ios::binary) << tar; });
    auto archive = ArchiveFile::open(dir.file("pipe"));
    writer.join();
    CHECK(read(value_of(std::move(archive)), "one") == "first");
}

TEST_CASE("archive: a member is not read beyond the limit", "[oci][archive]") {
    const Written file(TarBuilder().file("big", std::string(101, 'x')).finish());
    const auto archive = value_of(file.open());
    CHECK(error_of(archive.read_member("big", 100)).code == ErrorCode::limit_exceeded);
    CHECK(value_of(archive.read_member("big", 101)).size() == 101);
}

} // namespace
} // namespace bulla::oci
