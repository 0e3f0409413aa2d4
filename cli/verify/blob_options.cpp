// SPDX-License-Identifier: Apache-2.0
#include "cli/verify/blob.hpp"

#include <array>

namespace bulla::cli::verify {

namespace {

constexpr std::array kExits = {ExitCode::untrusted, ExitCode::no_signature};

constexpr std::array kExamples = {
    Example{"in CI: check a downloaded archive",
            "bulla-verify blob --key cosign.pub --bundle app.tar.gz.sigstore.json app.tar.gz"},
};

constexpr std::array kFormats = {OutputFormat{"text", "for people"},
                                 OutputFormat{"json", "schema bulla.verification/1"}};

constexpr CommandDoc kDoc{
    .name = "blob",
    .summary = "check the signature of a file",
    .description = "Takes bundles of `bulla-sign blob` and `cosign sign-blob`, and attestations "
                   "about the file.\n\n"
                   "Transparency logs are not consulted.",
    .examples = kExamples,
    .exits = kExits,
    .formats = kFormats,
};

void add_options(OptionSet& set, BlobOptions& options) {
    set.positional({.name = "FILE", .help = "the file that was signed; - for standard input"},
                   options.file);
    set.group("Policy");
    set.list({.name = "--key",
              .placeholder = "KEY",
              .help = "a public key: a file, or env://VARIABLE; any one counts"},
             options.keys,
             Need::required);
    set.value({.name = "--bundle", .placeholder = "FILE", .help = "the bundle"},
              options.bundle,
              Need::required);
    set.value({.name = "--type",
               .placeholder = "TYPE",
               .help = "if the bundle is an attestation: the predicate type it must have"},
              options.type);
}

} // namespace

Subcommand blob_command() {
    return make_subcommand(kDoc, &add_options, &run_blob);
}

} // namespace bulla::cli::verify
