// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/core/bytes.hpp"
#include "base/core/result.hpp"

#include <cstdint>
#include <string>

namespace bulla::cli {

/// The whole of a file, or of standard input for "-", of at most `limit` bytes.
Result<Bytes> read_input(const std::string& path, std::uint64_t limit);

} // namespace bulla::cli
