// SPDX-License-Identifier: Apache-2.0
#include "sbom/formats/schema_text.hpp"

#include "base/core/text.hpp"

#include <algorithm>

namespace bulla::sbom {

bool is_plain_url(std::string_view url) {
    if (!url.starts_with("http://") && !url.starts_with("https://")) {
        return false;
    }
    constexpr std::string_view kAllowed = "-._~:/?#@!$&'()*+,;=";
    bool fragment = false;
    for (std::size_t i = 0; i < url.size(); ++i) {
        const char c = url[i];
        if (c == '%' ? !text::from_hex(url.substr(i + 1, 2)) || i + 2 >= url.size()
                     : !text::is_alnum(c) && kAllowed.find(c) == std::string_view::npos) {
            return false;
        }
        if (c == '#' && std::exchange(fragment, true)) {
            return false;
        }
    }
    return url.size() > 8;
}

std::pair<std::string_view, std::string_view> split_person(std::string_view person) {
    std::string_view rest = person;
    const std::string_view name = text::trim(text::take_until(rest, '<'));
    const std::string_view mail = text::trim(text::take_until(rest, '>'));
    const std::size_t at = mail.find('@');
    const bool plain = at != std::string_view::npos && at > 0 && at + 1 < mail.size() &&
                       std::all_of(mail.begin(),
                                   mail.end(),
                                   [](char c) {
                                       return text::is_alnum(c) || c == '.' || c == '-' ||
                                              c == '_' || c == '+' || c == '@';
                                   }) &&
                       std::count(mail.begin(), mail.end(), '@') == 1 &&
                       mail.find("..") == std::string_view::npos && mail.front() != '.' &&
                       mail[at - 1] != '.' && text::is_alnum(mail[at + 1]) &&
                       text::is_alnum(mail.back());
    return {name, plain ? mail : std::string_view()};
}

} // namespace bulla::sbom
