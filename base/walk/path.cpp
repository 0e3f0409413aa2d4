// SPDX-License-Identifier: Apache-2.0
#include "base/walk/path.hpp"

#include "base/core/text.hpp"

#include <cstddef>

namespace bulla::walk {

bool is_normalised(std::string_view path) {
    if (path.empty() || path.find('\0') != std::string_view::npos) {
        return false;
    }
    std::size_t start = 0;
    while (true) {
        const auto slash = path.find('/', start);
        const auto part = path.substr(start, slash - start); // npos - start is past the end
        if (part.empty() || part == "." || part == "..") {
            return false;
        }
        if (slash == std::string_view::npos) {
            return true;
        }
        start = slash + 1;
    }
}

bool normalise_path(std::string_view name, std::string& out) {
    out.clear();
    bool inside = true;
    while (!name.empty()) {
        const auto part = text::take_until(name, '/');
        if (part.empty() || part == ".") {
            continue;
        }
        if (part == "..") {
            inside = inside && !out.empty();
            const auto slash = out.rfind('/');
            out.resize(slash == std::string::npos ? 0 : slash);
            continue;
        }
        if (!out.empty()) {
            out += '/';
        }
        out += part;
    }
    return inside;
}

} // namespace bulla::walk
