// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/core/error.hpp"

#include <string_view>

namespace bulla::http {

/// What a failed exchange means, with the way out where there is one. `code` is a CURLcode,
/// `detail` the library's own words about it.
Error explain_failure(int code, std::string_view host, std::string_view detail);

/// True if another attempt may end differently.
bool may_succeed_later(int code, std::string_view host);

} // namespace bulla::http
