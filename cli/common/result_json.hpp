// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/json/writer.hpp"

#include <string>
#include <string_view>

namespace bulla::cli {

/// Starts a machine-readable result: opens the object and writes its schema first,
/// "bulla.NAME/VERSION", so that readers can tell results and their generations apart. The caller
/// writes the members and ends the object.
inline json::Writer
begin_result(std::string_view name, int version = 1, json::Layout layout = json::Layout::indented) {
    json::Writer out(layout);
    out.begin_object().member("schema",
                              "bulla." + std::string(name) + "/" + std::to_string(version));
    return out;
}

} // namespace bulla::cli
