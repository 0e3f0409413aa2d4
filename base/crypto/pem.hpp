// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/core/bytes.hpp"
#include "base/core/result.hpp"
#include "base/crypto/secret.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace bulla::crypto {

/// One armoured block of a PEM file (RFC 7468).
struct PemBlock {
    std::string label;
    SecretBytes content; ///< secret because the label alone does not tell what is inside
};

/// Parses a PEM text of at most limits::kKeyFileBytes: blocks with nothing but white space between
/// them, base64 lines of any length without blanks inside. Headers inside a block ("Proc-Type: …",
/// the old OpenSSL encryption) are unsupported; everything else that is not PEM, and a text without
/// any block, is malformed. `what` names the file in messages.
Result<std::vector<PemBlock>> parse_pem(ByteView text, std::string_view what);

/// The PEM form with lines of 64 columns and a final newline.
std::string to_pem(std::string_view label, ByteView content);

} // namespace bulla::crypto
