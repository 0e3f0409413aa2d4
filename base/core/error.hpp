// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace bulla {

/// What went wrong, as far as a caller or an exit code has to tell cases apart. The text of an
/// error is for people; the code is for programs.
enum class ErrorCode : std::uint8_t {
    usage,          ///< the command line contradicts itself or names something that does not exist
    configuration,  ///< a key, password, credential file or setting cannot be used
    not_found,      ///< the thing asked for is not there, and whoever answered was able to know
    malformed,      ///< input is not in the format it claims
    limit_exceeded, ///< input is larger or deeper than limits.hpp allows
    integrity,      ///< bytes do not have the digest or size they were announced with
    unsupported,    ///< input is well formed and of a kind this version does not read
    io,             ///< a local read or write failed
    unavailable,    ///< a network service did not answer, throttled, or refused: nothing can be
                    ///< concluded
    denied,         ///< the answer is no
    untrusted,      ///< evidence is there and none of it verifies
    no_signature,   ///< the evidence asked for is not there
    partial,        ///< only part of the result could be had
    cancelled,      ///< the user interrupted
    internal,       ///< a defect in this program
};

/// One labelled fact printed under an error message, for example {"expected", "sha256:…"}.
struct Fact {
    std::string label;
    std::string value;
};

/// A failure on its way to a person. Built where the failure is found; callers add facts with
/// `with`, they do not rewrite the message. Its special members are not inline: there is one on
/// every path that can fail, and a call takes a tenth of the space.
struct [[nodiscard]] Error {
    Error() noexcept;
    Error(ErrorCode error_code, std::string text);
    Error(const Error&);
    Error(Error&&) noexcept;
    Error& operator=(const Error&);
    Error& operator=(Error&&) noexcept;
    ~Error();

    ErrorCode code = ErrorCode::internal;
    std::string message;       ///< one sentence without a final stop: what was expected and found
    std::vector<Fact> context; ///< facts printed below the message, in this order
    std::string hint;          ///< what to do next, if possible a command to type
    std::string where;         ///< the file, URL or position the error is about; may be empty

    Error with(std::string label, std::string value) &&;
    Error with_hint(std::string text) &&;
    Error at(std::string position) &&;
};

/// The lower-case name of a code as it stands in JSON results and logs, for example "not_found".
std::string_view to_string(ErrorCode code);

} // namespace bulla
