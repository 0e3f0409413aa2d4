// SPDX-License-Identifier: Apache-2.0
#include "oci/store/link_header.hpp"

#include "base/core/text.hpp"

namespace bulla::oci {

namespace {

/// The end of one link's parameters: the first comma outside quotes.
std::size_t end_of_link(std::string_view text) {
    bool quoted = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '"') {
            quoted = !quoted;
        } else if (text[i] == ',' && !quoted) {
            return i;
        }
    }
    return text.size();
}

bool is_next(std::string_view parameters) {
    for (const std::string_view one : text::split(parameters, ';')) {
        std::string_view value = text::trim(one);
        const auto name = text::trim(text::take_until(value, '='));
        value = text::trim(value);
        if (value.size() >= 2 && value.front() == '"' && value.back() == '"') {
            value = value.substr(1, value.size() - 2);
        }
        if (!text::equal_ignoring_case(name, "rel")) {
            continue;
        }
        for (const std::string_view relation : text::split(value, ' ')) {
            if (text::equal_ignoring_case(relation, "next")) {
                return true;
            }
        }
    }
    return false;
}

} // namespace

std::optional<std::string> next_link(std::string_view header) {
    while (true) {
        const auto open = header.find('<');
        const auto close = open == std::string_view::npos ? open : header.find('>', open);
        if (close == std::string_view::npos) {
            return std::nullopt;
        }
        const auto target = header.substr(open + 1, close - open - 1);
        header = header.substr(close + 1);
        const auto end = end_of_link(header);
        if (is_next(header.substr(0, end)) && !target.empty()) {
            return std::string(target);
        }
        header = header.substr(end);
    }
}

} // namespace bulla::oci
