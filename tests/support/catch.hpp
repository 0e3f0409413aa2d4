// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Catch2 of either major version under one name.
#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_all.hpp>
#else
#include <catch2/catch.hpp>
#endif

#include "base/core/result.hpp"

#include <string>

namespace bulla::test {

/// Unwraps a Result that a test needs to go on; a failure ends the test with the error's text.
template <class T> T value_of(Result<T> result) {
    if (!result) {
        FAIL("unexpected error: " << to_string(result.error().code) << ": "
                                  << result.error().message);
    }
    if constexpr (!std::is_void_v<T>) {
        return std::move(*result);
    }
}

/// The error of a Result that must have failed.
template <class T> Error error_of(Result<T> result) {
    if (result) {
        FAIL("expected an error, and the call succeeded");
    }
    return std::move(result.error());
}

} // namespace bulla::test

namespace Catch {
template <> struct StringMaker<bulla::ErrorCode> {
    static std::string convert(bulla::ErrorCode code) {
        return std::string(bulla::to_string(code));
    }
};
} // namespace Catch
