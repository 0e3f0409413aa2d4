// SPDX-License-Identifier: Apache-2.0
// links: bulla_toml
#include "base/toml/toml.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto entries = bulla::toml::parse(text, "config.toml");
    if (entries) {
        for (const auto& entry : *entries) {
            // Every value has a name and a place to point at.
            if (entry.path.empty() || entry.at.line == 0 || entry.at.column == 0 ||
                entry.value.at.line == 0) {
                __builtin_trap();
            }
        }
    }
    return 0;
}
