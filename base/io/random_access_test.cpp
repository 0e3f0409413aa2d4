// SPDX-License-Identifier: Apache-2.0
#include "base/io/random_access.hpp"
#include "tests/support/catch.hpp"

using namespace bulla;

namespace {

Bytes read(const RandomAccess& source, std::uint64_t offset, std::size_t count) {
    Bytes bytes(count, '\0');
    test::value_of(source.read_at(offset, bytes));
    return bytes;
}

ErrorCode refusal(const RandomAccess& source, std::uint64_t offset, std::size_t count) {
    Bytes bytes(count, '\0');
    return test::error_of(source.read_at(offset, bytes)).code;
}

} // namespace

TEST_CASE("random access: memory and a part of it are read inside of their bounds only",
          "[base][io]") {
    const Bytes bytes = "0123456789";
    const MemoryAccess memory(bytes);
    CHECK(read(memory, 0, 10) == bytes);
    CHECK(read(memory, 10, 0).empty());
    CHECK(refusal(memory, 5, 6) == ErrorCode::malformed);
    CHECK(refusal(memory, ~std::uint64_t{0}, 2) == ErrorCode::malformed);

    const RangeAccess range(memory, 3, 4);
    CHECK(range.size() == 4);
    CHECK(read(range, 1, 3) == "456");
    CHECK(refusal(range, 2, 3) == ErrorCode::malformed); // though the whole has it
    CHECK(refusal(range, ~std::uint64_t{0} - 1, 2) == ErrorCode::malformed);
}

TEST_CASE("random access: a spill buffer gives back what came, from memory and from its file",
          "[base][io]") {
    for (const std::size_t in_memory : {100U, 10U, 9U, 0U}) {
        SpillBuffer buffer(in_memory, 10);
        for (const std::string_view piece : {"01", "", "2345678", "9"}) {
            REQUIRE(buffer.append(piece));
        }
        INFO(in_memory);
        CHECK(buffer.is_spilled() == (in_memory < 10));
        CHECK(buffer.size() == 10);
        CHECK(read(buffer, 0, 10) == "0123456789");
        CHECK(read(buffer, 7, 2) == "78");
        CHECK(refusal(buffer, 9, 2) == ErrorCode::malformed);
    }
}
