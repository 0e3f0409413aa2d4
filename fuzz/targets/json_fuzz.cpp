// SPDX-License-Identifier: Apache-2.0
// links: bulla_json
#include "base/json/json.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const bulla::ByteView text(reinterpret_cast<const char*>(data), size);
    const auto document = bulla::json::Document::parse(text);
    // The check without a tree must give the same verdict as the parser, or text that is passed on
    // unread would be held to other rules.
    if (document.has_value() != bulla::json::validate(text).has_value()) {
        std::abort();
    }
    if (document) {
        static_cast<void>(document->root().dump());
    }
    return 0;
}
