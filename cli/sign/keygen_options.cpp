// SPDX-License-Identifier: Apache-2.0
#include "cli/sign/keygen.hpp"
#include "cli/sign/sign_support.hpp"

#include <array>

namespace bulla::cli::sign {

namespace {

constexpr std::array kKeygenExamples = {
    Example{"in CI: without a prompt",
            "BULLA_PASSWORD=\"$SECRET\" bulla-sign keygen --output-key-prefix my"},
    Example{"on a terminal, which asks for a password", "bulla-sign keygen"},
};

constexpr CommandDoc kKeygenDoc{
    .name = "keygen",
    .summary = "make a key pair",
    .description = "Writes PREFIX.key (encrypted, readable by its owner alone) and PREFIX.pub. "
                   "cosign reads both.",
    .examples = kKeygenExamples,
};

constexpr std::array kPublicKeyExamples = {
    Example{"in CI: the public half of a key in the environment",
            "bulla-sign public-key --key env://COSIGN_PRIVATE_KEY > cosign.pub"},
};

constexpr std::array kPublicKeyFormats = {
    OutputFormat{"pem", "SubjectPublicKeyInfo in PEM (RFC 7468)"}};

constexpr CommandDoc kPublicKeyDoc{
    .name = "public-key",
    .summary = "print the public half of a key",
    .examples = kPublicKeyExamples,
    .formats = kPublicKeyFormats,
};

void add_keygen_options(OptionSet& set, KeygenOptions& options) {
    set.group("Key");
    set.value({.name = "--output-key-prefix",
               .placeholder = "PREFIX",
               .help = "the files are PREFIX.key and PREFIX.pub",
               .default_text = "bulla"},
              options.prefix);
    set.choice({.name = "--type", .help = "the kind of key", .default_text = "ecdsa-p256"},
               options.kind,
               {{"ecdsa-p256", crypto::KeyKind::ecdsa_p256},
                {"ecdsa-p384", crypto::KeyKind::ecdsa_p384},
                {"ecdsa-p521", crypto::KeyKind::ecdsa_p521},
                {"ed25519", crypto::KeyKind::ed25519},
                {"rsa", crypto::KeyKind::rsa}});
    set.flag({.name = "--force", .help = "replace files that exist"}, options.force);
}

void add_public_key_options(OptionSet& set, PublicKeyOptions& options) {
    set.group("Key");
    add_key_option(set, options.key);
}

} // namespace

Subcommand keygen_command() {
    return make_subcommand(kKeygenDoc, &add_keygen_options, &run_keygen);
}

Subcommand public_key_command() {
    return make_subcommand(kPublicKeyDoc, &add_public_key_options, &run_public_key);
}

} // namespace bulla::cli::sign
