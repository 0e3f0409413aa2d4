// SPDX-License-Identifier: Apache-2.0
#include "cli/sign/sign_support.hpp"

#include "base/core/text.hpp"
#include "cli/common/password.hpp"

#include <cstdlib>

namespace bulla::cli::sign {

void add_key_option(OptionSet& set, std::string& key) {
    set.value(
        {.name = "--key",
         .placeholder = "KEY",
         .help =
             "the private key: a file, or env://VARIABLE; its password comes from BULLA_PASSWORD, "
             "COSIGN_PASSWORD, standard input or the terminal"},
        key,
        Need::required);
}

void add_format_option(OptionSet& set, SignatureFormat& format) {
    set.choice({.name = "--signature-format",
                .help = "a Sigstore bundle beside the image, cosign's older tags, or both",
                .default_text = "bundle"},
               format,
               {{"bundle", SignatureFormat::bundle},
                {"legacy", SignatureFormat::legacy},
                {"both", SignatureFormat::both}});
}

Result<std::unique_ptr<bulla::sign::Signer>> load_signer(const std::string& key,
                                                         StandardInput input) {
    const auto password = [&]() -> Result<crypto::SecretBytes> {
        const bool in_environment =
            std::getenv("BULLA_PASSWORD") != nullptr || std::getenv("COSIGN_PASSWORD") != nullptr;
        if (input == StandardInput::taken && !in_environment) {
            return Error{ErrorCode::configuration,
                         "the key needs a password, and standard input holds what is to be signed"}
                .with_hint("put the password into BULLA_PASSWORD");
        }
        BULLA_TRY_ASSIGN(
            const Password typed,
            read_password("password for " + text::printable(key) + ": ", PasswordUse::open));
        return crypto::SecretBytes::copy_of(typed.reveal_secret());
    };
    return bulla::sign::load_signer(key, password);
}

} // namespace bulla::cli::sign
