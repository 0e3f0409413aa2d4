// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/compress/decompressor.hpp"

#include <isa-l/igzip_lib.h>

#include <algorithm>
#include <cstdint>
#include <limits>

/// One call of ISA-L, for the sources of this folder.
namespace bulla::compress {

/// Inflates what there is into what room there is. `done` says how much of each went; the result is
/// ISA-L's code, of which the three in `goes_on` are no error.
inline int isal_step(inflate_state& state, ByteView in, std::span<char> out, Decompressor::Step& done) {
    constexpr std::size_t most = std::numeric_limits<std::uint32_t>::max();
    const auto given = static_cast<std::uint32_t>(std::min(in.size(), most));
    const auto room = static_cast<std::uint32_t>(std::min(out.size(), most));
    // ISA-L takes pointers to non-const and writes to the output only.
    state.next_in = reinterpret_cast<std::uint8_t*>(const_cast<char*>(in.data()));
    state.avail_in = given;
    state.next_out = reinterpret_cast<std::uint8_t*>(out.data());
    state.avail_out = room;
    const int code = isal_inflate(&state);
    done = {given - state.avail_in, room - state.avail_out};
    return code;
}

inline bool goes_on(int code) {
    return code == ISAL_DECOMP_OK || code == ISAL_END_INPUT || code == ISAL_OUT_OVERFLOW;
}

} // namespace bulla::compress
