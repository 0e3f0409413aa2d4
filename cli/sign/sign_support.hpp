// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/common/context.hpp"
#include "cli/common/option_set.hpp"
#include "sign/keys/key_providers.hpp"
#include "sign/statement/statement.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace bulla::cli::sign {

/// How a signature is stored beside its image.
enum class SignatureFormat : std::uint8_t {
    bundle, ///< a Sigstore bundle as a referrer
    legacy, ///< cosign's tags .sig and .att
    both,
};

constexpr bool writes_bundle(SignatureFormat format) {
    return format != SignatureFormat::legacy;
}

constexpr bool writes_legacy(SignatureFormat format) {
    return format != SignatureFormat::bundle;
}

void add_key_option(OptionSet& set, std::string& key);
void add_format_option(OptionSet& set, SignatureFormat& format);

/// Whether a command reads what it signs from standard input.
enum class StandardInput : std::uint8_t { free, taken };

/// What `-` as the name of the content means for standard input.
inline StandardInput use_of(std::string_view content) {
    return content == "-" ? StandardInput::taken : StandardInput::free;
}

/// The signer that --key names. The password of an encrypted key comes from the environment,
/// standard input or the terminal, and is asked for only then. Where standard input holds what is
/// to be signed, the password must be in the environment: reading it from there would leave nothing
/// to sign.
Result<std::unique_ptr<bulla::sign::Signer>> load_signer(const std::string& key,
                                                         StandardInput input = StandardInput::free);

} // namespace bulla::cli::sign
