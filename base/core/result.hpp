// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/core/error.hpp"

#include <tl/expected.hpp>

#include <utility>

namespace bulla {

/// The outcome of anything that can fail: a T, or the Error that explains why there is none.
/// `return value;` and `return Error{...};` both convert. A class of its own rather than an alias
/// so that ignoring one is a warning (docs/adr/0001-result-type.md).
template <class T> class [[nodiscard]] Result : public tl::expected<T, Error> {
    using Base = tl::expected<T, Error>;

  public:
    using Base::Base;

    Result(Error error) : Base(tl::unexpect, std::move(error)) {}
};

/// A Result without a value: done, or an Error.
using Status = Result<void>;

/// The value of a Status that succeeded.
inline Status ok() {
    return Status();
}

} // namespace bulla

#define BULLA_CONCAT_INNER(a, b) a##b
#define BULLA_CONCAT(a, b) BULLA_CONCAT_INNER(a, b)

/// Evaluates an expression that yields a Result and returns its error to the caller, if it has one.
#define BULLA_TRY(expression)                                                                      \
    do {                                                                                           \
        if (auto bulla_result = (expression); !bulla_result) {                                     \
            return std::move(bulla_result.error());                                                \
        }                                                                                          \
    } while (false)

#define BULLA_TRY_ASSIGN_INNER(temporary, declaration, expression)                                 \
    auto temporary = (expression);                                                                 \
    if (!temporary) {                                                                              \
        return std::move(temporary.error());                                                       \
    }                                                                                              \
    declaration = std::move(*temporary)

/// BULLA_TRY_ASSIGN(const Manifest manifest, fetch_manifest(source)): declares a variable from a
/// Result's value, or returns the Result's error to the caller.
#define BULLA_TRY_ASSIGN(declaration, expression)                                                  \
    BULLA_TRY_ASSIGN_INNER(BULLA_CONCAT(bulla_result_, __LINE__), declaration, expression)
