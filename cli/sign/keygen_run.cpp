// SPDX-License-Identifier: Apache-2.0
#include "base/core/text.hpp"
#include "base/crypto/private_key.hpp"
#include "base/io/file.hpp"
#include "cli/common/password.hpp"
#include "cli/sign/keygen.hpp"
#include "cli/sign/sign_support.hpp"
#include "sign/keys/encrypted_key.hpp"

#include <filesystem>

namespace bulla::cli::sign {

namespace {

/// A key that is overwritten is gone for good, and with it what it could still prove.
Status check_absent(const std::string& path) {
    std::error_code
        ignored; // what cannot be looked at cannot be written either, and that has its own message
    if (std::filesystem::exists(path, ignored)) {
        return Error{ErrorCode::configuration, "\"" + text::printable(path) + "\" exists already"}
            .with_hint("choose another --output-key-prefix, or add --force to replace it");
    }
    return ok();
}

} // namespace

Result<ExitCode> run_keygen(const KeygenOptions& options, Context& context) {
    const std::string private_path = options.prefix + ".key";
    const std::string public_path = options.prefix + ".pub";
    if (!options.force) {
        BULLA_TRY(check_absent(private_path));
        BULLA_TRY(check_absent(public_path));
    }
    BULLA_TRY_ASSIGN(const Password password,
                     read_password("password for the new key: ", PasswordUse::create));
    BULLA_TRY_ASSIGN(const auto key, crypto::PrivateKey::generate(options.kind));
    BULLA_TRY_ASSIGN(const std::string pem,
                     bulla::sign::encrypt_private_key(key, password.reveal_secret()));
    BULLA_TRY(write_file_atomically(private_path, pem, Durability::synced, 0600));
    BULLA_TRY(write_file_atomically(public_path, key.public_key().to_pem()));
    context.logger.info("wrote " + text::printable(private_path) + " and " +
                        text::printable(public_path));
    return ExitCode::done;
}

Result<ExitCode> run_public_key(const PublicKeyOptions& options, Context& context) {
    BULLA_TRY_ASSIGN(const auto signer, load_signer(options.key));
    BULLA_TRY(context.output.prepare_all("pem", signer->public_key().to_pem()));
    return ExitCode::done;
}

} // namespace bulla::cli::sign
