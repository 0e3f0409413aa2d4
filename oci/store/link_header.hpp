// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace bulla::oci {

/// The target of the `rel="next"` link of a Link header (RFC 8288), as written; nothing if there is
/// none.
std::optional<std::string> next_link(std::string_view header);

} // namespace bulla::oci
