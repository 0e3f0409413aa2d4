// SPDX-License-Identifier: Apache-2.0
#include "base/core/digest.hpp"

#include "base/core/text.hpp"

#include <algorithm>
#include <cassert>

namespace bulla {

std::string_view to_string(HashAlgorithm algorithm) {
    switch (algorithm) {
    case HashAlgorithm::sha256:
        return "sha256";
    case HashAlgorithm::sha384:
        return "sha384";
    case HashAlgorithm::sha512:
        return "sha512";
    }
    return "sha256";
}

std::size_t hash_size(HashAlgorithm algorithm) {
    switch (algorithm) {
    case HashAlgorithm::sha256:
        return 32;
    case HashAlgorithm::sha384:
        return 48;
    case HashAlgorithm::sha512:
        return 64;
    }
    return 32;
}

Result<Digest> Digest::parse(std::string_view text) {
    const auto bad = [&](ErrorCode code, std::string_view why) {
        return Error{code,
                     "\"" + text::printable(text.substr(0, 160)) +
                         "\" is not a usable digest: " + std::string(why)};
    };
    const auto colon = text.find(':');
    if (colon == std::string_view::npos) {
        return bad(ErrorCode::malformed, "expected algorithm:hex");
    }
    const auto name = text.substr(0, colon);
    const auto hex = text.substr(colon + 1);
    if (name != "sha256" && name != "sha512") {
        const bool plausible = !name.empty() && std::ranges::all_of(name, [](char c) {
            return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' || c == '.' ||
                   c == '_' || c == '-';
        });
        return plausible ? bad(ErrorCode::unsupported, "only sha256 and sha512 are supported")
                         : bad(ErrorCode::malformed, "the algorithm name is not valid");
    }
    const auto algorithm = name == "sha256" ? HashAlgorithm::sha256 : HashAlgorithm::sha512;
    if (hex.size() != hash_size(algorithm) * 2) {
        return bad(ErrorCode::malformed,
                   "expected " + std::to_string(hash_size(algorithm) * 2) + " hexadecimal digits");
    }
    if (!std::ranges::all_of(hex, text::is_lower_hex)) {
        return bad(ErrorCode::malformed, "expected lower-case hexadecimal digits");
    }
    return Digest(algorithm, std::string(hex));
}

Digest Digest::from_raw(HashAlgorithm algorithm, std::string_view raw) {
    assert(raw.size() == hash_size(algorithm));
    return Digest(algorithm, text::to_hex(raw));
}

std::string Digest::to_string() const {
    std::string out(bulla::to_string(algorithm_));
    out += ':';
    out += hex_;
    return out;
}

} // namespace bulla
