// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/core/result.hpp"
#include "base/crypto/public_key.hpp"

#include <string>
#include <vector>

namespace bulla::cli::verify {

/// The public keys that --key names.
Result<std::vector<crypto::PublicKey>> load_keys(const std::vector<std::string>& references);

} // namespace bulla::cli::verify
