// SPDX-License-Identifier: Apache-2.0
// links: bulla_oci_store
#include "oci/store/link_header.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    static_cast<void>(bulla::oci::next_link(text));
    return 0;
}
