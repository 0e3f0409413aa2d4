// SPDX-License-Identifier: Apache-2.0
#include "base/core/limits.hpp"
#include "cli/images/read_input.hpp"
#include "cli/sign/blob.hpp"
#include "cli/sign/sign_support.hpp"
#include "sign/bundle/seal.hpp"

namespace bulla::cli::sign {

Result<ExitCode> run_blob(const BlobOptions& options, Context& context) {
    BULLA_TRY_ASSIGN(const auto signer, load_signer(options.key, use_of(options.file)));
    BULLA_TRY_ASSIGN(const Bytes content, read_input(options.file, limits::kBlobBytes));
    BULLA_TRY_ASSIGN(const auto bundle, bulla::sign::sign_blob(content, *signer));
    BULLA_TRY(context.output.prepare({.format = "bundle", .version = {}, .path = options.bundle},
                                     bulla::sign::encode_bundle(bundle)));
    BULLA_TRY(context.output.publish());
    context.logger.info("signed with key " + signer->public_key().hint() + "; the bundle is in " +
                        options.bundle);
    return ExitCode::done;
}

} // namespace bulla::cli::sign
