// SPDX-License-Identifier: Apache-2.0
#include "base/compress/zlib.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/elf_builder.hpp"

using namespace bulla;
using compress::inflate_zlib;

namespace {

/// What Python's zlib.compress makes of 40 times "hello ".
constexpr std::string_view kFromPython{
    "\x78\x9c\xcb\x48\xcd\xc9\xc9\x57\xc8\x18\x31\x24\x00\x98\x2f\x58\x21", 17};

std::string hello() {
    std::string text;
    for (int i = 0; i < 40; ++i) {
        text += "hello ";
    }
    return text;
}

} // namespace

TEST_CASE("zlib: a stream is inflated and what follows is left", "[compress][zlib]") {
    const std::string text = GENERATE(std::string(), std::string("abc"), std::string(200'000, 'x'));
    const auto stream = test::zlib_stored(text);
    const auto inflated = test::value_of(inflate_zlib(stream + "rest", text.size()));
    CHECK((inflated.bytes == text));
    CHECK(inflated.consumed == stream.size());
}

TEST_CASE("zlib: what another compressor wrote is read", "[compress][zlib]") {
    const auto inflated = test::value_of(inflate_zlib(kFromPython, 1000));
    CHECK(inflated.bytes == hello());
    CHECK(inflated.consumed == kFromPython.size());
}

TEST_CASE("zlib: cut off anywhere it is refused", "[compress][zlib]") {
    for (std::size_t size = 0; size < kFromPython.size(); ++size) {
        CAPTURE(size);
        REQUIRE(test::error_of(inflate_zlib(kFromPython.substr(0, size), 1000)).code ==
                ErrorCode::malformed);
    }
}

TEST_CASE("zlib: a wrong header, dictionary, block or checksum is refused", "[compress][zlib]") {
    std::string stream(kFromPython);
    SECTION("method") {
        stream[0] = '\x79';
    }
    SECTION("header check") {
        stream[1] = '\x9d';
    }
    SECTION("a preset dictionary") {
        stream[1] = '\xbb';
    }
    SECTION("block") {
        stream[2] = '\xff';
    }
    SECTION("checksum") {
        stream.back() = '\x20';
    }
    SECTION("gzip") {
        stream = "\x1f\x8b\x08" + stream;
    }
    CHECK(test::error_of(inflate_zlib(stream, 1000)).code == ErrorCode::malformed);
}

TEST_CASE("zlib: one byte more than allowed is refused", "[compress][zlib]") {
    CHECK(inflate_zlib(kFromPython, 240));
    CHECK(test::error_of(inflate_zlib(kFromPython, 239)).code == ErrorCode::limit_exceeded);
    const auto bomb = test::zlib_stored(std::string(1'000'000, 'x'));
    CHECK(test::error_of(inflate_zlib(bomb, 1000)).code == ErrorCode::limit_exceeded);
}
