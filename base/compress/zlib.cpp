// SPDX-License-Identifier: Apache-2.0
#include "base/compress/zlib.hpp"

#include "base/compress/isal_step.hpp"

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
    std::vector<char> room(kPiece);
    Inflated inflated;
    while (state->block_state != ISAL_BLOCK_FINISH) {
        Decompressor::Step done;
        const int code = isal_step(*state, stream.substr(inflated.consumed), room, done);
        if (!goes_on(code)) {
            return bad_zlib(reason(code));
        }
        inflated.consumed += done.consumed;
        if (done.produced > most - inflated.bytes.size()) {
            return Error{ErrorCode::limit_exceeded,
                         "expected at most " + std::to_string(most) +
                             " bytes in a zlib stream and found more"};
        }
        inflated.bytes.append(room.data(), done.produced);
        if (done.produced == 0 && done.consumed == 0 && state->block_state != ISAL_BLOCK_FINISH) {
            return bad_zlib("an early end");
        }
    }
    return inflated;
}

} // namespace bulla::compress
