// SPDX-License-Identifier: Apache-2.0
#include "base/archive/tar_walker.hpp"
#include "base/archive/tar_writer.hpp"
#include "tests/support/catch.hpp"

#include <string>
#include <vector>

namespace bulla::archive {
namespace {

/// What a walker sees, with where it sees it.
class Seen final : public TarVisitor {
  public:
    struct File {
        std::string name;
        std::uint64_t size;
        std::uint64_t offset;
        std::string content;
    };

    explicit Seen(ContentWish wish) : wish_(wish) {}

    Result<ContentWish> entry(const TarEntry& entry) override {
        files.push_back({std::string(entry.name), entry.size, entry.offset, {}});
        return wish_;
    }

    Status content(ByteView piece) override {
        files.back().content += piece;
        return ok();
    }

    Status content_end() override { return ok(); }

    void note(std::string text) override { FAIL(text); }

    std::vector<File> files;

  private:
    ContentWish wish_;
};

TEST_CASE("tar writer: what is written is read back, long names included", "[archive][tar]") {
    const std::string long_name = "blobs/sha512/" + std::string(128, 'a');
    const Bytes tar = tar_file_header("oci-layout", 3) + "abc" + tar_padding(3) +
                      tar_file_header(long_name, 512) + std::string(512, 'x') + tar_padding(512) +
                      tar_file_header("empty", 0) + tar_end();
    CHECK(tar.size() % 512 == 0);
    Seen seen(ContentWish::deliver);
    TarWalker walker(seen);
    test::value_of(walker.feed(tar));
    test::value_of(walker.finish());
    REQUIRE(seen.files.size() == 3);
    CHECK(seen.files[0].name == "oci-layout");
    CHECK(seen.files[0].content == "abc");
    CHECK(seen.files[1].name == long_name);
    CHECK(seen.files[1].content == std::string(512, 'x'));
    CHECK(seen.files[2].name == "empty");
    for (const auto& file : seen.files) {
        CHECK(tar.substr(file.offset, file.size) == file.content);
    }
}

TEST_CASE("tar writer: a size beyond the header's field is in a pax header", "[archive][tar]") {
    const std::uint64_t size = std::uint64_t{1} << 33U;
    const Bytes header = tar_file_header("big", size);
    Seen seen(ContentWish::skip);
    TarWalker walker(seen);
    test::value_of(walker.feed(header));
    REQUIRE(seen.files.size() == 1);
    CHECK(seen.files[0].size == size);
    CHECK(seen.files[0].offset == header.size());
    CHECK(walker.pass_over() == size);
}

TEST_CASE("tar: passing over unwanted content leads to the next header, however blocks fall",
          "[archive][tar]") {
    const std::string content(5000, 'x');
    const Bytes tar = tar_file_header("one", content.size()) + content +
                      tar_padding(content.size()) + tar_file_header("two", 1) + "y" +
                      tar_padding(1) + tar_end();
    for (const std::size_t block : {std::size_t{1},
                                    std::size_t{100},
                                    std::size_t{512},
                                    std::size_t{700},
                                    std::size_t{3000},
                                    tar.size()}) {
        CAPTURE(block);
        Seen seen(ContentWish::skip);
        TarWalker walker(seen);
        for (std::uint64_t at = 0; at < tar.size();) {
            const auto piece = ByteView(tar).substr(at, block);
            test::value_of(walker.feed(piece));
            at += piece.size();
            at += walker.pass_over();
        }
        test::value_of(walker.finish());
        REQUIRE(seen.files.size() == 2);
        CHECK(seen.files[1].name == "two");
        CHECK(tar.substr(seen.files[1].offset, 1) == "y");
    }
}

TEST_CASE("tar: content that is wanted is never passed over", "[archive][tar]") {
    Seen seen(ContentWish::deliver);
    TarWalker walker(seen);
    test::value_of(walker.feed(tar_file_header("one", 1000)));
    CHECK(walker.pass_over() == 0);
}

} // namespace
} // namespace bulla::archive
