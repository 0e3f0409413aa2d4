// SPDX-License-Identifier: Apache-2.0
#include "cli/common/exit_code.hpp"

#include <algorithm>
#include <array>

namespace bulla::cli {

namespace {

struct Row {
    ExitCode code;
    std::string_view meaning;
};

constexpr std::array kMeanings{
    Row{ExitCode::done, "done; allowed"},
    Row{ExitCode::denied, "the answer is no"},
    Row{ExitCode::usage, "usage or configuration"},
    Row{ExitCode::bad_input, "input missing or malformed"},
    Row{ExitCode::unavailable, "network, registry or service: could not find out"},
    Row{ExitCode::untrusted, "untrusted: evidence is there and none of it verifies"},
    Row{ExitCode::no_signature, "unsigned: the required evidence is not there"},
    Row{ExitCode::partial, "partial: a complete result could not be had"},
    Row{ExitCode::internal, "internal error"},
    Row{ExitCode::interrupted, "after SIGINT"},
    Row{ExitCode::terminated, "after SIGTERM"},
};

constexpr auto kCodes = [] {
    std::array<ExitCode, kMeanings.size()> codes{};
    std::ranges::transform(kMeanings, codes.begin(), &Row::code);
    return codes;
}();

/// The worst first.
constexpr std::array kPrecedence{
    ExitCode::interrupted,
    ExitCode::terminated,
    ExitCode::internal,
    ExitCode::usage,
    ExitCode::bad_input,
    ExitCode::unavailable,
    ExitCode::partial,
    ExitCode::untrusted,
    ExitCode::no_signature,
    ExitCode::denied,
    ExitCode::done,
};
static_assert(kPrecedence.size() == kMeanings.size());

} // namespace

std::span<const ExitCode> all_exit_codes() {
    return kCodes;
}

std::string_view meaning(ExitCode code) {
    const auto* const row = std::ranges::find(kMeanings, code, &Row::code);
    return row == kMeanings.end() ? std::string_view{} : row->meaning;
}

ExitCode exit_code_of(ErrorCode code) {
    switch (code) {
    case ErrorCode::usage:
    case ErrorCode::configuration:
        return ExitCode::usage;
    case ErrorCode::not_found:
    case ErrorCode::malformed:
    case ErrorCode::limit_exceeded:
    case ErrorCode::integrity:
    case ErrorCode::unsupported:
    case ErrorCode::io:
        return ExitCode::bad_input;
    case ErrorCode::unavailable:
        return ExitCode::unavailable;
    case ErrorCode::denied:
        return ExitCode::denied;
    case ErrorCode::untrusted:
        return ExitCode::untrusted;
    case ErrorCode::no_signature:
        return ExitCode::no_signature;
    case ErrorCode::partial:
        return ExitCode::partial;
    case ErrorCode::cancelled:
        return ExitCode::interrupted;
    case ErrorCode::internal:
        return ExitCode::internal;
    }
    return ExitCode::internal;
}

ExitCode worse_of(ExitCode a, ExitCode b) {
    return std::ranges::find(kPrecedence, a) < std::ranges::find(kPrecedence, b) ? a : b;
}

} // namespace bulla::cli
