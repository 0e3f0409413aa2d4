// SPDX-License-Identifier: Apache-2.0
#include "oci/reference/grammar.hpp"

#include "base/core/text.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <string>

namespace bulla::oci::grammar {

namespace {

bool is_path_char(char c) {
    return text::is_digit(c) || (c >= 'a' && c <= 'z');
}

bool is_path_component(std::string_view text) {
    std::size_t at = 0;
    const auto take_word = [&] {
        const std::size_t start = at;
        while (at < text.size() && is_path_char(text[at])) {
            ++at;
        }
        return at > start;
    };
    const auto take_separator = [&] {
        const char c = text[at];
        if (c == '.') {
            ++at;
        } else if (c == '_') {
            at += at + 1 < text.size() && text[at + 1] == '_' ? 2U : 1U;
        } else if (c == '-') {
            while (at < text.size() && text[at] == '-') {
                ++at;
            }
        } else {
            return false;
        }
        return true;
    };
    if (!take_word()) {
        return false;
    }
    while (at < text.size()) {
        if (!take_separator() || !take_word()) {
            return false;
        }
    }
    return true;
}

bool is_label(std::string_view text) {
    return !text.empty() && text.front() != '-' && text.back() != '-' &&
           std::ranges::all_of(text, [](char c) { return text::is_alnum(c) || c == '-'; });
}

bool is_port(std::string_view text) {
    const auto number = text::parse_unsigned(text);
    return number && *number >= 1 && *number <= 65535 && text.size() <= 5;
}

} // namespace

bool is_registry(std::string_view text) {
    if (text.starts_with('[')) {
        const auto close = text.find(']');
        if (close == std::string_view::npos) {
            return false;
        }
        in6_addr address{};
        const std::string host(text.substr(1, close - 1));
        const auto rest = text.substr(close + 1);
        return inet_pton(AF_INET6, host.c_str(), &address) == 1 &&
               (rest.empty() || (rest.front() == ':' && is_port(rest.substr(1))));
    }
    const auto colon = text.find(':');
    const auto host = text.substr(0, colon);
    if (colon != std::string_view::npos && !is_port(text.substr(colon + 1))) {
        return false;
    }
    return std::ranges::all_of(text::split(host, '.'), is_label);
}

bool is_repository(std::string_view text) {
    return std::ranges::all_of(text::split(text, '/'), is_path_component);
}

bool has_upper_case(std::string_view text) {
    return std::ranges::any_of(text, [](char c) { return c >= 'A' && c <= 'Z'; });
}

std::string_view host_of(std::string_view registry) {
    if (registry.starts_with('[')) {
        return registry.substr(1, registry.find(']') - 1);
    }
    return registry.substr(0, registry.find(':'));
}

} // namespace bulla::oci::grammar
