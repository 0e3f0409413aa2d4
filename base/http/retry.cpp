// SPDX-License-Identifier: Apache-2.0
#include "base/http/retry.hpp"

#include "base/core/text.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <string>

namespace bulla::http {

bool is_temporary(int status) {
    return status == 408 || status == 429 || status == 500 || status == 502 || status == 503 ||
           status == 504;
}

std::optional<std::chrono::seconds> retry_after(const Response& response, Time now) {
    const auto value = response.header("Retry-After");
    if (!value) {
        return std::nullopt;
    }
    constexpr std::uint64_t kLongest = 10ULL * 365 * 24 * 3600;
    if (const auto seconds = text::parse_unsigned(*value)) {
        return std::chrono::seconds(std::min(*seconds, kLongest));
    }
    const std::time_t date = curl_getdate(std::string(*value).c_str(), nullptr);
    if (date < 0) {
        return std::nullopt;
    }
    return std::max(Time(std::chrono::seconds(date)) - now, std::chrono::seconds(0));
}

bool is_repeatable(const Request& request, std::optional<int> status) {
    if (request.body != nullptr) {
        return false;
    }
    if (request.method != "POST" || !request.body_bytes.empty()) {
        return true;
    }
    return status == 429 || status == 503;
}

std::chrono::milliseconds
pause_before(int attempt, std::chrono::milliseconds first, std::uint64_t seed) {
    const auto base = first * (1LL << std::clamp(attempt - 1, 0, 10));
    const std::uint64_t spread = (seed * 0x9E3779B97F4A7C15ULL) >> 56U; // 0..255
    return base + base * static_cast<std::int64_t>(spread) / 1024;
}

} // namespace bulla::http
