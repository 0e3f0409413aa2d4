// SPDX-License-Identifier: Apache-2.0
// links: bulla_sign
#include "sign/statement/envelope.hpp"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const bulla::ByteView input(reinterpret_cast<const char*>(data), size);
    static_cast<void>(bulla::sign::decode_envelope(input));
    return 0;
}
