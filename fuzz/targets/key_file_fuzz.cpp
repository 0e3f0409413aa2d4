// SPDX-License-Identifier: Apache-2.0
// links: bulla_sign
#include "sign/keys/key_file.hpp"

#include <cstddef>
#include <cstdint>

namespace {

/// Deriving keys from passwords would leave no time for the parser.
bulla::Result<bulla::crypto::SecretBytes> no_password() {
    return bulla::Error{bulla::ErrorCode::configuration, "no password"};
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const bulla::ByteView input(reinterpret_cast<const char*>(data), size);
    static_cast<void>(bulla::sign::parse_private_key(input, no_password, "fuzz"));
    return 0;
}
