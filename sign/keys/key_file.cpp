// SPDX-License-Identifier: Apache-2.0
#include "sign/keys/key_file.hpp"

#include "base/core/text.hpp"
#include "base/crypto/pem.hpp"
#include "sign/keys/encrypted_key.hpp"

#include <algorithm>
#include <optional>
#include <vector>

namespace bulla::sign {

namespace {

/// What is wrong with a key is a matter of the user's configuration, whichever parser found it.
Error as_configuration(Error error, std::string_view what) {
    error.code = ErrorCode::configuration;
    if (error.where.empty()) {
        error.where = text::printable(what);
    }
    return error;
}

std::string shell_word(std::string_view what) {
    return what.find("://") == std::string_view::npos ? text::printable(what) : "KEY";
}

std::optional<crypto::PrivateKeyForm> plain_form(std::string_view label) {
    if (label == "PRIVATE KEY") {
        return crypto::PrivateKeyForm::pkcs8;
    }
    if (label == "EC PRIVATE KEY") {
        return crypto::PrivateKeyForm::sec1;
    }
    if (label == "RSA PRIVATE KEY") {
        return crypto::PrivateKeyForm::pkcs1;
    }
    return std::nullopt;
}

Result<crypto::PrivateKey>
parse_block(const crypto::PemBlock& block, const PasswordSource& password, std::string_view what) {
    if (const auto form = plain_form(block.label)) {
        return crypto::PrivateKey::parse(*form, block.content.view());
    }
    if (block.label == kEncryptedKeyLabel || block.label == kOldEncryptedKeyLabel) {
        BULLA_TRY(check_encrypted_key(block.content.view()));
        BULLA_TRY_ASSIGN(const crypto::SecretBytes secret, password());
        return decrypt_private_key(block.content.view(), secret.view());
    }
    if (block.label == "ENCRYPTED PRIVATE KEY") {
        return Error{ErrorCode::configuration,
                     "the private key is PKCS#8 encrypted by OpenSSL, which is not read here"}
            .with_hint("decrypt it first: openssl pkey -in " + shell_word(what) +
                       " -out plain.pem");
    }
    if (block.label.ends_with("PUBLIC KEY")) {
        return Error{ErrorCode::configuration, "expected a private key, found a public one"}
            .with_hint("give the file that was made beside it, usually with the ending .key");
    }
    return Error{ErrorCode::configuration,
                 "expected a private key, found a PEM block " + text::printable(block.label)}
        .with_hint("make a key with: bulla-sign keygen --output-key-prefix my");
}

Result<crypto::PrivateKey> parse_blocks(std::vector<crypto::PemBlock> blocks,
                                        const PasswordSource& password,
                                        std::string_view what) {
    // OpenSSL's ecparam puts the curve's name in a block of its own before the key.
    std::erase_if(blocks, [](const auto& block) { return block.label == "EC PARAMETERS"; });
    if (blocks.size() != 1) {
        return Error{ErrorCode::configuration,
                     "expected one key in the file, found " + std::to_string(blocks.size()) +
                         " PEM blocks"};
    }
    return parse_block(blocks.front(), password, what);
}

} // namespace

Result<crypto::PrivateKey>
parse_private_key(ByteView pem, const PasswordSource& password, std::string_view what) {
    auto blocks = crypto::parse_pem(pem, "the private key");
    if (!blocks) {
        return as_configuration(
            std::move(blocks.error())
                .with_hint("expected the PEM text of a key as bulla-sign keygen, cosign or openssl "
                           "write it"),
            what);
    }
    auto key = parse_blocks(std::move(*blocks), password, what);
    if (!key) {
        return as_configuration(std::move(key.error()), what);
    }
    return key;
}

Result<crypto::PublicKey> parse_public_key(ByteView pem, std::string_view what) {
    auto key = crypto::PublicKey::parse_pem(pem);
    if (key) {
        return key;
    }
    Error error = as_configuration(std::move(key.error()), what);
    if (pem.find("PRIVATE KEY-----") != ByteView::npos) {
        error.message = "expected a public key, found a private one";
        error.hint = "extract the public half: bulla-sign public-key --key " + shell_word(what);
    }
    return error;
}

} // namespace bulla::sign
