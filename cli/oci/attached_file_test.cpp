// SPDX-License-Identifier: Apache-2.0
#include "base/io/file.hpp"
#include "cli/oci/attached_file.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_dir.hpp"

namespace bulla::cli::oci {
namespace {

using test::error_of;
using test::value_of;

TEST_CASE("attach: what follows the last colon is a type if it looks like one", "[cli][attach]") {
    struct Case {
        const char* text;
        const char* path;
        const char* type;
        const char* title;
    };

    for (const Case& c :
         {Case{"a.txt", "a.txt", "application/octet-stream", "a.txt"},
          Case{"a.txt:text/plain", "a.txt", "text/plain", "a.txt"},
          Case{"dir/a.json:application/x+json", "dir/a.json", "application/x+json", "a.json"},
          Case{"a:b", "a:b", "application/octet-stream", "a:b"},
          Case{"a:b:text/plain", "a:b", "text/plain", "a:b"},
          Case{"a:text/plain;q=1", "a:text/plain;q=1", "application/octet-stream", "plain;q=1"}}) {
        CAPTURE(c.text);
        const FileArgument file = value_of(parse_file_argument(c.text));
        CHECK(file.path == c.path);
        CHECK(file.media_type == c.type);
        CHECK(file.title == c.title);
    }
}

TEST_CASE("attach: a name without a file is refused", "[cli][attach]") {
    for (const char* text : {"", "dir/", "..", "dir/..:text/plain", "."}) {
        CAPTURE(text);
        CHECK(error_of(parse_file_argument(text)).code == ErrorCode::usage);
    }
}

TEST_CASE("attach: two files of one title are refused", "[cli][attach]") {
    CHECK(error_of(parse_file_arguments({"x/a", "y/a:text/plain"})).code == ErrorCode::usage);
    CHECK(value_of(parse_file_arguments({"x/a", "y/b"})).size() == 2);
}

TEST_CASE("attach: a file is described by its bytes and its title", "[cli][attach]") {
    const test::TempDir dir;
    value_of(write_file_atomically(dir.file("abc"), "abc"));
    const auto file = value_of(describe_file({dir.file("abc"), "text/plain", "abc"}));
    CHECK(file.digest.to_string() ==
          "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    CHECK(file.size == 3);
    CHECK(file.annotations.at(std::string(kTitleAnnotation)) == "abc");
    CHECK(error_of(describe_file({dir.path(), "text/plain", "d"})).code == ErrorCode::malformed);
    CHECK(error_of(describe_file({dir.file("no"), "a/b", "no"})).code == ErrorCode::not_found);
}

} // namespace
} // namespace bulla::cli::oci
