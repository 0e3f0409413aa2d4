// SPDX-License-Identifier: Apache-2.0
// links: bulla_sign
#include "sign/bundle/bundle.hpp"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const bulla::ByteView input(reinterpret_cast<const char*>(data), size);
    if (const auto bundle = bulla::sign::decode_bundle(input)) {
        static_cast<void>(bulla::sign::encode_bundle(*bundle));
    }
    return 0;
}
