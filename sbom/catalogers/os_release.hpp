// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/core/bytes.hpp"
#include "sbom/model/sbom.hpp"

#include <string>
#include <string_view>

namespace bulla::sbom {

/// Parses the text of an os-release file (os-release(5)): shell-like assignments with single or
/// double quotes and backslash escapes; unknown keys and lines that are no assignment are ignored,
/// of a key given twice the last value counts. Never fails; without an ID `id` is empty.
Distribution parse_os_release(ByteView text);

/// The value behind "=" as a shell would read it, without expansion: 'a "b"' or "a \"b\"" or a\ b.
std::string unquote_shell_value(std::string_view value);

} // namespace bulla::sbom
