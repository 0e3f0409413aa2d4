// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/crypto/signature_algorithm.hpp"
#include "cli/common/app.hpp"

#include <string>

namespace bulla::cli::sign {

struct KeygenOptions {
    std::string prefix = "bulla";
    crypto::KeyKind kind = crypto::KeyKind::ecdsa_p256;
    bool force = false;
};

/// bulla-sign keygen: makes a key pair, the private half encrypted as cosign does it.
Subcommand keygen_command();

Result<ExitCode> run_keygen(const KeygenOptions& options, Context& context);

struct PublicKeyOptions {
    std::string key;
};

/// bulla-sign public-key: prints the public half of a key.
Subcommand public_key_command();

Result<ExitCode> run_public_key(const PublicKeyOptions& options, Context& context);

} // namespace bulla::cli::sign
