// SPDX-License-Identifier: Apache-2.0
#include "base/compress/zlib.hpp"

#include <isa-l/igzip_lib.h>

#include <limits>
#include <memory>
#include <string>
#include <vector>

namespace bulla::compress {

namespace {

constexpr std::size_t kPiece = 65'536;

Error bad_zlib(std::string_view why) {
    return Error{ErrorCode::malformed, "expected a zlib stream and found " + std::string(why)};
}

std::string_view reason(int code) {
    switch (code) {
    case ISAL_INVALID_WRAPPER:
        return "no zlib header";
    case ISAL_UNSUPPORTED_METHOD:
        return "another method than deflate";
    case ISAL_NEED_DICT:
        return "one that needs a dictionary";
    case ISAL_INCORRECT_CHECKSUM:
        return "a wrong checksum";
    default:
        return "damage";
    }
}

} // namespace

Result<Inflated> inflate_zlib(ByteView stream, std::uint64_t most) {
    if (stream.size() > std::numeric_limits<std::uint32_t>::max()) {
        return bad_zlib("more than 4 GiB");
    }
    // The state holds its window and tables, some 80 KiB: too much for a stack.
    const auto state = std::make_unique<inflate_state>();
    isal_inflate_init(state.get());
    state->crc_flag = ISAL_ZLIB;
    // ISA-L takes a pointer to non-const and does not write there.
    state->next_in = reinterpret_cast<std::uint8_t*>(const_cast<char*>(stream.data()));
    state->avail_in = static_cast<std::uint32_t>(stream.size());
    std::vector<char> room(kPiece);
    Inflated inflated;
    while (state->block_state != ISAL_BLOCK_FINISH) {
        const auto before = state->avail_in;
        state->next_out = reinterpret_cast<std::uint8_t*>(room.data());
        state->avail_out = static_cast<std::uint32_t>(room.size());
        const int code = isal_inflate(state.get());
        if (code != ISAL_DECOMP_OK && code != ISAL_END_INPUT && code != ISAL_OUT_OVERFLOW) {
            return bad_zlib(reason(code));
        }
        const std::size_t made = room.size() - state->avail_out;
        if (made > most - inflated.bytes.size()) {
            return Error{ErrorCode::limit_exceeded,
                         "expected at most " + std::to_string(most) +
                             " bytes in a zlib stream and found more"};
        }
        inflated.bytes.append(room.data(), made);
        if (made == 0 && state->avail_in == before && state->block_state != ISAL_BLOCK_FINISH) {
            return bad_zlib("an early end");
        }
    }
    inflated.consumed = stream.size() - state->avail_in;
    return inflated;
}

} // namespace bulla::compress
