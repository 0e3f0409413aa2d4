// SPDX-License-Identifier: Apache-2.0
#include "cli/verify/policy_options.hpp"

#include "sign/keys/key_providers.hpp"

namespace bulla::cli::verify {

Result<std::vector<crypto::PublicKey>> load_keys(const std::vector<std::string>& references) {
    std::vector<crypto::PublicKey> keys;
    for (const auto& reference : references) {
        BULLA_TRY_ASSIGN(auto key, bulla::sign::load_public_key(reference));
        keys.push_back(std::move(key));
    }
    return keys;
}

} // namespace bulla::cli::verify
