// SPDX-License-Identifier: Apache-2.0
#include "sbom/catalogers/control_file.hpp"

#include "base/core/limits.hpp"
#include "base/core/text.hpp"

#include <algorithm>

namespace bulla::sbom {
namespace {

std::string_view take_line(ByteView& rest) {
    std::string_view line = text::take_until(rest, '\n');
    if (line.ends_with('\r')) {
        line.remove_suffix(1);
    }
    return line;
}

} // namespace

Result<bool> ControlReader::next() {
    fields_.clear();
    while (!rest_.empty()) {
        const std::string_view line = take_line(rest_);
        if (line.empty()) {
            if (!fields_.empty()) {
                return true;
            }
            continue;
        }
        if (text::is_blank(line.front())) {
            // One view over all lines of the field: they stand behind one another in the text.
            if (!fields_.empty()) {
                std::string_view& value = fields_.back().second;
                value = {value.data(),
                         static_cast<std::size_t>(line.data() + line.size() - value.data())};
            }
            continue;
        }
        const std::size_t colon = line.find(':');
        if (colon == std::string_view::npos || colon == 0) {
            continue;
        }
        if (fields_.size() >= limits::kControlFields) {
            return Error{ErrorCode::limit_exceeded,
                         "expected at most " + std::to_string(limits::kControlFields) +
                             " fields in one paragraph, found more"};
        }
        fields_.emplace_back(line.substr(0, colon), line.substr(colon + 1));
    }
    return !fields_.empty();
}

std::string_view ControlReader::value(std::string_view key) const {
    const auto it = std::find_if(fields_.begin(), fields_.end(), [&](const auto& field) {
        return text::equal_ignoring_case(field.first, key);
    });
    return it == fields_.end() ? std::string_view() : text::trim(it->second);
}

std::vector<DependencyName> parse_dependency_field(std::string_view field) {
    std::vector<DependencyName> names;
    while (!field.empty() && names.size() < limits::kDependencyNames) {
        std::string_view alternatives = text::take_until(field, ',');
        while (!alternatives.empty()) {
            const std::string_view entry = text::trim(text::take_until(alternatives, '|'));
            std::string_view name = entry.substr(0, entry.find_first_of(" \t\r\n([<>="));
            const std::string_view bare = text::take_until(name, ':');
            if (!bare.empty()) {
                names.push_back({bare, name});
            }
        }
    }
    return names;
}

} // namespace bulla::sbom
