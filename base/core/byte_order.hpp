// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/core/bytes.hpp"

#include <concepts>
#include <cstddef>

namespace bulla {

/// The unsigned number whose bytes, most significant first, begin at `at`. All of them must be
/// inside `bytes`.
template <std::unsigned_integral T> T load_big_endian(ByteView bytes, std::size_t at) {
    T value = 0;
    for (std::size_t i = 0; i < sizeof(T); ++i) {
        value = static_cast<T>((value << 8U) | static_cast<unsigned char>(bytes[at + i]));
    }
    return value;
}

/// As load_big_endian, least significant byte first.
template <std::unsigned_integral T> T load_little_endian(ByteView bytes, std::size_t at) {
    T value = 0;
    for (std::size_t i = sizeof(T); i-- > 0;) {
        value = static_cast<T>((value << 8U) | static_cast<unsigned char>(bytes[at + i]));
    }
    return value;
}

} // namespace bulla
