// SPDX-License-Identifier: Apache-2.0
#include "base/io/file.hpp"
#include "oci/archive/archive_writer.hpp"
#include "oci/archive/open_archive.hpp"
#include "oci/store/copy.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/memory_repository.hpp"
#include "tests/support/temp_dir.hpp"

#include <filesystem>

namespace bulla::oci {
namespace {

using test::error_of;
using test::MemoryRepository;
using test::put_image;
using test::put_index;
using test::TempDir;
using test::value_of;

void copy(BlobSource& from, const StoredManifest& root, ArchiveWriter& to) {
    NullProgressSink progress;
    value_of(copy_image(from, root, to.repository(), {.tag = "v1", .jobs = 1}, progress));
}

TEST_CASE("archive writer: the same image gives the same bytes, and they are an OCI archive",
          "[oci][archive]") {
    const TempDir dir;
    MemoryRepository from;
    const auto a = put_image(from, "a", "");
    const auto b = put_image(from, "b", "");
    const auto index = put_index(from, {a.descriptor, b.descriptor}, "v1");
    for (const char* name : {"one.tar", "two.tar"}) {
        auto writer = value_of(ArchiveWriter::create(dir.file(name)));
        copy(from, index, writer);
        value_of(writer.finish());
    }
    CHECK(value_of(read_file(dir.file("one.tar"), 1U << 20U)) ==
          value_of(read_file(dir.file("two.tar"), 1U << 20U)));
    const auto image = value_of(
        open_archive(value_of(ImageName::parse("oci-archive:" + dir.file("one.tar") + ":v1"))));
    CHECK(image.top.bytes == index.bytes);
    CHECK(image.top.origin == ManifestOrigin::stored);
    CHECK(value_of(image.repository->fetch_manifest(b.descriptor.digest)).bytes == b.bytes);
}

TEST_CASE("archive writer: without finish there is no file, and one that was there stays",
          "[oci][archive]") {
    const TempDir dir;
    value_of(write_file_atomically(dir.file("kept.tar"), "before"));
    MemoryRepository from;
    const auto image = put_image(from, "a", "");
    for (const char* name : {"kept.tar", "new.tar"}) {
        auto writer = value_of(ArchiveWriter::create(dir.file(name)));
        copy(from, image, writer);
    }
    CHECK(value_of(read_file(dir.file("kept.tar"), 100)) == "before");
    CHECK_FALSE(std::filesystem::exists(dir.file("new.tar")));
}

TEST_CASE("archive writer: after a blob that lies nothing is published", "[oci][archive]") {
    const TempDir dir;
    auto writer = value_of(ArchiveWriter::create(dir.file("a.tar")));
    MemoryReader lie("other");
    CHECK(error_of(writer.repository().put_blob(describe("application/x", "bytes"), lie)).code ==
          ErrorCode::integrity);
    MemoryReader truth("more");
    CHECK(error_of(writer.repository().put_blob(describe("application/x", "more"), truth)).code ==
          ErrorCode::io);
    CHECK(error_of(writer.finish()).code == ErrorCode::internal);
}

} // namespace
} // namespace bulla::oci
