// SPDX-License-Identifier: Apache-2.0
#pragma once

// Only for the sources of this folder.

#include "base/json/json.hpp"
#include "sign/bundle/bundle.hpp"

#include <cstdint>
#include <vector>

namespace bulla::sign {

enum class BundleVersion : std::uint8_t { v0_1, v0_2, v0_3 };

/// Reads the log entries of a bundle and checks that they are well formed: what each version
/// requires is there, the body is of the kind announced, no entry comes twice. Nothing is verified.
Result<std::vector<LogEntry>> decode_log_entries(const std::vector<json::Value>& values,
                                                 BundleVersion version);

} // namespace bulla::sign
