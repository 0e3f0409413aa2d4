// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/core/result.hpp"

#include <map>
#include <string>
#include <vector>

namespace bulla::cli {

/// Reads the values of -a KEY=VALUE. A missing "=" or key, or a key that stands twice, is a usage
/// error.
Result<std::map<std::string, std::string>> parse_annotations(const std::vector<std::string>& pairs);

} // namespace bulla::cli
