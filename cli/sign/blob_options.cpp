// SPDX-License-Identifier: Apache-2.0
#include "cli/sign/blob.hpp"
#include "cli/sign/sign_support.hpp"

#include <array>

namespace bulla::cli::sign {

namespace {

constexpr std::array kExamples = {
    Example{"in CI: sign a release archive",
            "bulla-sign blob --key env://COSIGN_PRIVATE_KEY --bundle app.tar.gz.sigstore.json "
            "app.tar.gz"},
};

constexpr CommandDoc kDoc{
    .name = "blob",
    .summary = "sign a file",
    .description =
        "Writes a Sigstore bundle that `bulla-verify blob` and `cosign verify-blob` accept.",
    .examples = kExamples,
};

void add_options(OptionSet& set, BlobOptions& options) {
    set.positional({.name = "FILE", .help = "the file to sign; - for standard input"},
                   options.file);
    set.group("Signature");
    add_key_option(set, options.key);
    set.value({.name = "--bundle", .placeholder = "FILE", .help = "where the bundle is written"},
              options.bundle,
              Need::required);
}

} // namespace

Subcommand blob_command() {
    return make_subcommand(kDoc, &add_options, &run_blob);
}

} // namespace bulla::cli::sign
