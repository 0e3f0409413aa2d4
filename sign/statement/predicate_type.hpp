// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/core/result.hpp"

#include <span>
#include <string>
#include <string_view>

namespace bulla::sign {

/// A short name of a predicate type and the URI that it stands for.
struct PredicateTypeName {
    std::string_view name;
    std::string_view uri;
};

/// The short names, those of cosign's --type. "spdx" is missing on purpose: cosign writes under it
/// what it cannot verify itself.
std::span<const PredicateTypeName> predicate_type_names();

/// The URI of a short name, or the text itself if it is a URI (has a ":"). Anything else is a usage
/// error that lists the names.
Result<std::string> parse_predicate_type(std::string_view name_or_uri);

/// True if `actual` is `wanted`, or a version of it: "https://spdx.dev/Document" takes
/// "https://spdx.dev/Document/v2.3", not "https://spdx.dev/Documents".
bool predicate_type_matches(std::string_view wanted, std::string_view actual);

} // namespace bulla::sign
