// SPDX-License-Identifier: Apache-2.0
#include "base/core/text.hpp"
#include "oci/manifest/descriptor.hpp"
#include "oci/manifest/normalise.hpp"

#include <sys/utsname.h>

#include <algorithm>

namespace bulla::oci {

namespace {

bool is_word(std::string_view text) {
    return !text.empty() && text.size() <= 64 && std::ranges::all_of(text, [](char c) {
        return text::is_alnum(c) || c == '_' || c == '-' || c == '.';
    });
}

} // namespace

Platform normalise(Platform platform) {
    std::string& arch = platform.architecture;
    std::string& variant = platform.variant;
    if (arch == "x86_64" || arch == "x86-64") {
        arch = "amd64";
    } else if (arch == "aarch64") {
        arch = "arm64";
    } else if (arch == "armhf" || arch == "armv7l") {
        arch = "arm";
        variant = variant.empty() ? "v7" : variant;
    } else if (arch == "armel" || arch == "armv6l") {
        arch = "arm";
        variant = variant.empty() ? "v6" : variant;
    } else if (arch == "i386" || arch == "i486" || arch == "i586" || arch == "i686") {
        arch = "386";
    }
    if (arch == "arm" && variant.size() == 1 && text::is_digit(variant.front())) {
        variant.insert(0, 1, 'v');
    }
    // These variants are what the bare architecture means.
    if ((arch == "arm64" && (variant == "v8" || variant == "8")) ||
        (arch == "amd64" && variant == "v1")) {
        variant.clear();
    }
    return platform;
}

Result<Platform> Platform::parse(std::string_view text) {
    const auto parts = text::split(text, '/');
    if (parts.size() < 2 || parts.size() > 3 || !std::ranges::all_of(parts, is_word)) {
        return Error{ErrorCode::usage,
                     "\"" + text::printable(text.substr(0, 200)) +
                         "\" is not a platform: expected OS/ARCHITECTURE or "
                         "OS/ARCHITECTURE/VARIANT"}
            .with_hint("for example \"linux/amd64\" or \"linux/arm/v7\"");
    }
    Platform out;
    out.os = text::to_lower(parts[0]);
    out.architecture = text::to_lower(parts[1]);
    out.variant = parts.size() == 3 ? text::to_lower(parts[2]) : std::string();
    return normalise(std::move(out));
}

Platform Platform::host() {
    Platform out;
    out.os = "linux";
    struct utsname name{};
    out.architecture = uname(&name) == 0 ? name.machine : "amd64";
    return normalise(std::move(out));
}

std::string Platform::to_string() const {
    std::string out = os + "/" + architecture;
    if (!variant.empty()) {
        out += "/" + variant;
    }
    return out;
}

} // namespace bulla::oci
