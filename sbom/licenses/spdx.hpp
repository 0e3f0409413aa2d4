// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sbom/model/license.hpp"

#include <optional>
#include <string>
#include <string_view>

/// The SPDX licence list and its expression language (SPDX specification, annex "SPDX license
/// expressions").
namespace bulla::sbom {

/// The identifier in the list's spelling, found without regard to case; nothing if it is not on the
/// list. Deprecated identifiers ("GPL-2.0") count.
std::optional<std::string_view> find_spdx_license(std::string_view id);

/// As find_spdx_license, for the right side of WITH.
std::optional<std::string_view> find_spdx_exception(std::string_view id);

/// Parses an expression of AND, OR, WITH, "+", parentheses, LicenseRef- and DocumentRef- and
/// returns it with identifiers in the list's spelling, operators in capitals and single blanks.
/// Nothing if it is not valid, names what is not on the list, or exceeds
/// limits::kLicenseExpressionBytes or kLicenseExpressionDepth.
std::optional<std::string> normalise_spdx_expression(std::string_view expression);

/// A recorded text as a License: an identifier of the list, else a valid expression, else a name
/// exactly as recorded (white space around it aside).
License classify_license(std::string_view recorded);

} // namespace bulla::sbom
