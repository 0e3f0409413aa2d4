// SPDX-License-Identifier: Apache-2.0
#include "base/core/error.hpp"

#include <utility>

namespace bulla {

Error::Error() noexcept = default;

Error::Error(ErrorCode error_code, std::string text) : code(error_code), message(std::move(text)) {}

Error::Error(const Error&) = default;
Error::Error(Error&&) noexcept = default;
Error& Error::operator=(const Error&) = default;
Error& Error::operator=(Error&&) noexcept = default;
Error::~Error() = default;

Error Error::with(std::string label, std::string value) && {
    context.push_back({std::move(label), std::move(value)});
    return std::move(*this);
}

Error Error::with_hint(std::string text) && {
    hint = std::move(text);
    return std::move(*this);
}

Error Error::at(std::string position) && {
    where = std::move(position);
    return std::move(*this);
}

std::string_view to_string(ErrorCode code) {
    switch (code) {
    case ErrorCode::usage:
        return "usage";
    case ErrorCode::configuration:
        return "configuration";
    case ErrorCode::not_found:
        return "not_found";
    case ErrorCode::malformed:
        return "malformed";
    case ErrorCode::limit_exceeded:
        return "limit_exceeded";
    case ErrorCode::integrity:
        return "integrity";
    case ErrorCode::unsupported:
        return "unsupported";
    case ErrorCode::io:
        return "io";
    case ErrorCode::unavailable:
        return "unavailable";
    case ErrorCode::denied:
        return "denied";
    case ErrorCode::untrusted:
        return "untrusted";
    case ErrorCode::no_signature:
        return "unsigned";
    case ErrorCode::partial:
        return "partial";
    case ErrorCode::cancelled:
        return "cancelled";
    case ErrorCode::internal:
        return "internal";
    }
    return "internal";
}

} // namespace bulla
