// SPDX-License-Identifier: Apache-2.0
#include "base/core/error.hpp"

namespace bulla {

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
