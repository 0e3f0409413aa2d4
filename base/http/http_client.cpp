// SPDX-License-Identifier: Apache-2.0
#include "base/http/http_client.hpp"

#include "base/core/text.hpp"

#include <string.h> // NOLINT(modernize-deprecated-headers): explicit_bzero is not in <cstring>

namespace bulla::http {

Credential::~Credential() {
    explicit_bzero(secret_.data(), secret_.size());
}

std::optional<std::string_view> Response::header(std::string_view name) const {
    for (const auto& [key, value] : headers) {
        if (text::equal_ignoring_case(key, name)) {
            return value;
        }
    }
    return std::nullopt;
}

std::vector<std::string_view> Response::all_headers(std::string_view name) const {
    std::vector<std::string_view> out;
    for (const auto& [key, value] : headers) {
        if (text::equal_ignoring_case(key, name)) {
            out.emplace_back(value);
        }
    }
    return out;
}

} // namespace bulla::http
