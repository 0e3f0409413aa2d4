// SPDX-License-Identifier: Apache-2.0
// links: bulla_oci_model
#include "oci/reference/reference.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto reference = bulla::oci::Reference::parse(text);
    // The normalised form must mean the same reference.
    if (reference &&
        bulla::oci::Reference::parse(reference->to_string())->name() != reference->name()) {
        __builtin_trap();
    }
    return 0;
}
