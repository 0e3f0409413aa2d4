// SPDX-License-Identifier: Apache-2.0
#include "base/http/url.hpp"

#include "base/core/text.hpp"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>

namespace bulla::http {

namespace {

constexpr std::size_t kUrlBytes = 16 * 1024;

struct UrlDeleter {
    void operator()(CURLU* handle) const { curl_url_cleanup(handle); }
};

using UrlHandle = std::unique_ptr<CURLU, UrlDeleter>;

Error unusable(std::string_view text, std::string_view why) {
    return Error{ErrorCode::malformed,
                 "\"" + redact_url(text.substr(0, 200)) +
                     "\" is not a usable URL: " + std::string(why)};
}

std::string part(CURLU* handle, CURLUPart which, unsigned flags = 0) {
    char* value = nullptr;
    if (curl_url_get(handle, which, &value, flags) != CURLUE_OK || value == nullptr) {
        return {};
    }
    std::string out(value);
    curl_free(value);
    return out;
}

Result<UrlHandle> set_url(std::string_view text, UrlHandle handle) {
    const std::string copy(text);
    if (text.size() > kUrlBytes || text.find('\0') != std::string_view::npos) {
        return unusable(text, "it is too long or has a NUL byte");
    }
    // Space and control characters would let a server write into our request line.
    const bool plain = std::ranges::all_of(text, [](char c) {
        const auto value = static_cast<unsigned char>(c);
        return value > 0x20 && value != 0x7F;
    });
    if (!plain) {
        return unusable(text, "it has blanks or control characters");
    }
    if (handle == nullptr ||
        curl_url_set(handle.get(), CURLUPART_URL, copy.c_str(), CURLU_DISALLOW_USER) != CURLUE_OK) {
        return unusable(text, "it cannot be parsed, or has a user name inside");
    }
    return handle;
}

bool in_range(std::uint32_t address, std::uint32_t network, unsigned bits) {
    return (address >> (32U - bits)) == (network >> (32U - bits));
}

bool is_private_v4(std::uint32_t address) {
    struct Range {
        std::uint32_t network;
        unsigned bits;
    };

    constexpr std::array<Range, 9> kRanges = {{{0x00000000, 8},
                                               {0x0A000000, 8},
                                               {0x64400000, 10},
                                               {0x7F000000, 8},
                                               {0xA9FE0000, 16},
                                               {0xAC100000, 12},
                                               {0xC0A80000, 16},
                                               {0xC6120000, 15},
                                               {0xE0000000, 3}}};
    return std::ranges::any_of(
        kRanges, [&](const Range& range) { return in_range(address, range.network, range.bits); });
}

bool is_private_v6(const in6_addr& address) {
    const auto* bytes = static_cast<const std::uint8_t*>(address.s6_addr);
    const bool leading_zeros = std::all_of(bytes, bytes + 10, [](auto byte) { return byte == 0; });
    const bool nat64 = bytes[0] == 0x00 && bytes[1] == 0x64 && bytes[2] == 0xFF && bytes[3] == 0x9B;
    if (leading_zeros || nat64) {
        // ::, ::1, and the forms that carry an IPv4 address in their last four bytes.
        std::uint32_t inner = 0;
        std::memcpy(&inner, bytes + 12, sizeof inner);
        return is_private_v4(ntohl(inner));
    }
    const bool unique_local = (bytes[0] & 0xFEU) == 0xFC;
    const bool link_local = bytes[0] == 0xFE && (bytes[1] & 0x80U) == 0x80;
    return unique_local || link_local || bytes[0] == 0xFF;
}

bool is_secret_member(std::string_view name) {
    constexpr std::array<std::string_view, 12> kSecret = {"sig",
                                                          "signature",
                                                          "token",
                                                          "access_token",
                                                          "refresh_token",
                                                          "password",
                                                          "secret",
                                                          "client_secret",
                                                          "key-pair-id",
                                                          "policy",
                                                          "code",
                                                          "googleaccessid"};
    const std::string lower = text::to_lower(name);
    return lower.starts_with("x-amz-") || lower.starts_with("x-goog-") ||
           lower.ends_with("token") || lower.ends_with("signature") ||
           std::ranges::find(kSecret, lower) != kSecret.end();
}

} // namespace

std::string Url::origin() const {
    const bool v6 = host.find(':') != std::string::npos;
    return scheme + "://" + (v6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

std::string Url::authority() const {
    const bool v6 = host.find(':') != std::string::npos;
    const std::uint16_t usual = scheme == "https" ? 443 : 80;
    return (v6 ? "[" + host + "]" : host) + (port == usual ? "" : ":" + std::to_string(port));
}

Result<Url> parse_url(std::string_view text) {
    BULLA_TRY_ASSIGN(const UrlHandle handle, set_url(text, UrlHandle(curl_url())));
    Url out;
    out.scheme = text::to_lower(part(handle.get(), CURLUPART_SCHEME));
    if (out.scheme != "http" && out.scheme != "https") {
        return unusable(text, "only http and https are spoken");
    }
    out.host = text::to_lower(part(handle.get(), CURLUPART_HOST));
    if (out.host.size() > 2 && out.host.front() == '[' && out.host.back() == ']') {
        out.host = out.host.substr(1, out.host.size() - 2);
    }
    const auto port = text::parse_unsigned(part(handle.get(), CURLUPART_PORT, CURLU_DEFAULT_PORT));
    if (out.host.empty() || !port || *port == 0 || *port > 65535) {
        return unusable(text, "it has no host, or a port out of range");
    }
    out.port = static_cast<std::uint16_t>(*port);
    out.text = std::string(text);
    return out;
}

Result<std::string> resolve(std::string_view base, std::string_view reference) {
    BULLA_TRY_ASSIGN(UrlHandle start, set_url(base, UrlHandle(curl_url())));
    if (reference.empty()) {
        return unusable(reference, "it is empty");
    }
    BULLA_TRY_ASSIGN(const UrlHandle end, set_url(reference, std::move(start)));
    std::string out = part(end.get(), CURLUPART_URL);
    BULLA_TRY(parse_url(out));
    return out;
}

bool same_origin(const Url& a, const Url& b) {
    return a.scheme == b.scheme && a.host == b.host && a.port == b.port;
}

bool is_private_host(std::string_view host) {
    std::string name = text::to_lower(host);
    if (name.ends_with('.')) {
        name.pop_back();
    }
    if (name == "localhost" || name.ends_with(".localhost")) {
        return true;
    }
    name = name.substr(0, name.find('%')); // an IPv6 zone
    in_addr v4{};
    if (inet_aton(name.c_str(), &v4) != 0) {
        return is_private_v4(ntohl(v4.s_addr));
    }
    in6_addr v6{};
    return inet_pton(AF_INET6, name.c_str(), &v6) == 1 && is_private_v6(v6);
}

Status check_hop(const Url& from, const Url& to) {
    if (from.scheme == "https" && to.scheme != "https") {
        return Error{ErrorCode::unavailable,
                     text::printable(from.host) + " sends us from https to plain http on " +
                         text::printable(to.host) + ", which is refused"};
    }
    if (is_private_host(to.host) && !is_private_host(from.host)) {
        return Error{ErrorCode::unavailable,
                     text::printable(from.host) + " sends us to the private address " +
                         text::printable(to.host) + ", which is refused"};
    }
    return ok();
}

std::string redact_url(std::string_view url) {
    const auto start = url.find('?');
    std::string out = text::printable(url.substr(0, start));
    // A user name or password before the host.
    if (const auto slashes = out.find("://"); slashes != std::string::npos) {
        const auto end = out.find('/', slashes + 3);
        const auto at = out.rfind('@', end == std::string::npos ? end : end - 1);
        if (at != std::string::npos && at > slashes) {
            out.replace(slashes + 3, at - slashes - 3, "***");
        }
    }
    if (start == std::string_view::npos) {
        return out;
    }
    char separator = '?';
    for (const std::string_view member : text::split(url.substr(start + 1), '&')) {
        const auto equals = member.find('=');
        out += separator;
        separator = '&';
        if (equals != std::string_view::npos && is_secret_member(member.substr(0, equals))) {
            out += text::printable(member.substr(0, equals)) + "=***";
        } else {
            out += text::printable(member);
        }
    }
    return out;
}

} // namespace bulla::http
