// SPDX-License-Identifier: Apache-2.0
#include "base/compress/decompressor.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/tar_builder.hpp"

#include <algorithm>

using namespace bulla;
using compress::Compression;
using compress::detect;

namespace {

/// Inflates with the given sizes of input and output pieces.
Result<Bytes>
inflate(Compression compression, ByteView in, std::size_t in_piece, std::size_t out_piece) {
    BULLA_TRY_ASSIGN(auto decompressor, compress::make_decompressor(compression));
    Bytes out;
    std::vector<char> room(out_piece);
    ByteView piece;
    while (true) {
        if (piece.empty()) {
            piece = in.substr(0, in_piece);
            in.remove_prefix(piece.size());
        }
        BULLA_TRY_ASSIGN(const auto step, decompressor->step(piece, room));
        piece.remove_prefix(step.consumed);
        out.append(room.data(), step.produced);
        if (step.consumed == 0 && step.produced == 0) {
            if (!in.empty() || !piece.empty()) {
                return Error{ErrorCode::internal, "no progress"};
            }
            BULLA_TRY(decompressor->finish());
            return out;
        }
    }
}

std::string text_of(std::size_t size) {
    std::string text;
    for (std::size_t i = 0; text.size() < size; ++i) {
        text += std::to_string(i * i) + " ";
    }
    text.resize(size);
    return text;
}

/// gzip(1) of "hello hello hello hello\n" with a name and a time in its header.
constexpr std::string_view kFromGzip{
    "\x1f\x8b\x08\x08\x00\x00\x00\x00\x00\x03\x68\x00\xcb\x48\xcd\xc9\xc9\x57\xc8\x40\x27\xb9\x00"
    "\x00\x88\x59\x0b\x18\x00\x00\x00",
    31};

} // namespace

TEST_CASE("compression is told by magic bytes", "[compress][detect]") {
    using namespace std::string_view_literals;
    CHECK(detect("\x1f\x8b\x08\0"sv) == Compression::gzip);
    CHECK(detect("\x28\xb5\x2f\xfd\0"sv) == Compression::zstd);
    CHECK(detect("\x50\x2a\x4d\x18\0"sv) == Compression::zstd);
    CHECK(detect("\x5f\x2a\x4d\x18\0"sv) == Compression::zstd);
    CHECK(detect("\xfd"
                 "7zXZ\0"sv) == Compression::xz);
    CHECK(detect("BZh91AY&SY"sv) == Compression::bzip2);
    CHECK(detect("BZhello.txt"sv) == Compression::none);
    CHECK(detect("\x1f\x8b"sv) == Compression::none);
    CHECK(detect(""sv) == Compression::none);
}

TEST_CASE("xz and bzip2 are named and refused as unsupported", "[compress]") {
    const auto kind = GENERATE(Compression::xz, Compression::bzip2, Compression::none);
    const auto error = test::error_of(compress::make_decompressor(kind));
    CHECK(error.code == ErrorCode::unsupported);
    CHECK_THAT(error.message, Catch::Contains(std::string(to_string(kind))));
}

TEST_CASE("gzip: members in a row are one stream, for any sizes of pieces", "[compress][gzip]") {
    const auto a = text_of(70'000);
    const auto b = text_of(300);
    const auto stream = test::gzip_stored(a) + test::gzip_stored("") + test::gzip_stored(b) +
                        test::gzip_stored("c");
    const auto in_piece = GENERATE(1U, 7U, 512U, 1'000'000U);
    const auto out_piece = GENERATE(1U, 100U, 262'144U);
    CHECK((test::value_of(inflate(Compression::gzip, stream, in_piece, out_piece)) == a + b + "c"));
}

TEST_CASE("gzip: zeros behind the last member are ignored", "[compress][gzip]") {
    const auto stream = test::gzip_stored("abc") + std::string(600, '\0');
    CHECK(test::value_of(inflate(Compression::gzip, stream, 5, 100)) == "abc");
}

TEST_CASE("gzip: anything else behind the last member is refused", "[compress][gzip]") {
    const auto tail = GENERATE(std::string("x"), std::string("\0\0x", 3), std::string("\x1f\x8c"));
    const auto result = inflate(Compression::gzip, test::gzip_stored("abc") + tail, 1000, 100);
    CHECK(test::error_of(result).code == ErrorCode::malformed);
}

TEST_CASE("gzip: a wrong checksum or length is refused", "[compress][gzip]") {
    auto stream = test::gzip_stored("abc");
    const auto at = GENERATE(8U, 4U); // of the CRC and of the size, counted from the end
    stream[stream.size() - at] = static_cast<char>(stream[stream.size() - at] ^ 1);
    CHECK(test::error_of(inflate(Compression::gzip, stream, 1000, 100)).code ==
          ErrorCode::malformed);
}

TEST_CASE("gzip: cut off anywhere it is refused", "[compress][gzip]") {
    const auto stream = test::gzip_stored("some text") + test::gzip_stored("more");
    const auto border = test::gzip_stored("some text").size();
    for (std::size_t size = 1; size < stream.size(); ++size) {
        const auto result = inflate(Compression::gzip, stream.substr(0, size), 1000, 100);
        CAPTURE(size);
        if (size == border) {
            REQUIRE(test::value_of(result) == "some text");
        } else {
            REQUIRE(test::error_of(result).code == ErrorCode::malformed);
        }
    }
}

TEST_CASE("gzip: what gzip(1) wrote is read", "[compress][gzip]") {
    CHECK(test::value_of(inflate(Compression::gzip, kFromGzip, 3, 4)) ==
          "hello hello hello hello\n");
}

TEST_CASE("zstd: frames and skippable frames in a row are one stream", "[compress][zstd]") {
    const auto a = text_of(150'000);
    const auto stream = test::zstd_skippable("toc") + test::zstd_raw(a) + test::zstd_raw("") +
                        test::zstd_skippable("") + test::zstd_raw("b") +
                        test::zstd_skippable("footer");
    const auto in_piece = GENERATE(1U, 512U, 1'000'000U);
    const auto out_piece = GENERATE(1U, 262'144U);
    CHECK((test::value_of(inflate(Compression::zstd, stream, in_piece, out_piece)) == a + "b"));
}

TEST_CASE("zstd: cut off inside a frame it is refused", "[compress][zstd]") {
    const auto stream = test::zstd_raw("some text");
    for (std::size_t size = 1; size < stream.size(); ++size) {
        CAPTURE(size);
        REQUIRE(
            test::error_of(inflate(Compression::zstd, stream.substr(0, size), 1000, 100)).code ==
            ErrorCode::malformed);
    }
}

TEST_CASE("zstd: what follows and is no frame is refused", "[compress][zstd]") {
    CHECK(test::error_of(inflate(Compression::zstd, test::zstd_raw("a") + "xxxxx", 1000, 9)).code ==
          ErrorCode::malformed);
}

TEST_CASE("zstd: a window beyond the limit is refused by name", "[compress][zstd]") {
    auto stream = test::zstd_raw("a");
    stream[5] = static_cast<char>(18U << 3U); // window log 10 + 18 = 28
    CHECK(test::error_of(inflate(Compression::zstd, stream, 1000, 9)).code ==
          ErrorCode::limit_exceeded);
}
