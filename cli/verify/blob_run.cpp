// SPDX-License-Identifier: Apache-2.0
#include "base/core/limits.hpp"
#include "base/core/text.hpp"
#include "cli/common/result_json.hpp"
#include "cli/images/read_input.hpp"
#include "cli/verify/blob.hpp"
#include "cli/verify/policy_options.hpp"
#include "sign/statement/predicate_type.hpp"
#include "sign/verify/verifier.hpp"

namespace bulla::cli::verify {

namespace {

std::string to_text(const std::string& file, const bulla::sign::VerifiedStatement& statement) {
    std::string out = "verified: " + text::printable(file) +
                      "\n  digest: " + statement.subjects().front().to_string() +
                      "\n  key: " + statement.key_hint() + " (" + statement.algorithm() + ")\n";
    if (!statement.predicate_type().empty()) {
        out += "  predicate type: " + text::printable(statement.predicate_type()) + "\n";
    }
    return out + "  transparency log: not checked\n";
}

std::string
to_json(const std::string& file, const bulla::sign::ClaimReport& claim, const Error* error) {
    auto out = begin_result("verification");
    out.member("subject", text::to_utf8(file));
    out.member("verdict", error == nullptr ? "verified" : bulla::to_string(error->code));
    out.key("claims").begin_array().begin_object().member("form",
                                                          bulla::sign::to_string(claim.form));
    out.member("verdict", bulla::sign::to_string(claim.verdict)).member("reason", claim.text);
    out.member("transparencyLog", bulla::sign::to_string(claim.log));
    out.member("timestamp", bulla::sign::to_string(claim.timestamp));
    if (claim.statement) {
        out.member("digest", claim.statement->subjects().front().to_string());
        out.key("key").begin_object().member("hint", claim.statement->key_hint());
        out.member("algorithm", claim.statement->algorithm()).end_object();
        out.optional_member("predicateType", claim.statement->predicate_type());
    }
    out.end_object().end_array().end_object();
    return out.finish() + "\n";
}

} // namespace

Result<ExitCode> run_blob(const BlobOptions& options, Context& context) {
    bulla::sign::VerificationPolicy policy;
    policy.kind = bulla::sign::ClaimKind::blob;
    BULLA_TRY_ASSIGN(policy.keys, load_keys(options.keys));
    if (!options.type.empty()) {
        BULLA_TRY_ASSIGN(policy.predicate_type, bulla::sign::parse_predicate_type(options.type));
    }
    BULLA_TRY_ASSIGN(const auto verifier, bulla::sign::Verifier::make(std::move(policy)));
    BULLA_TRY_ASSIGN(Bytes bundle, read_input(options.bundle, limits::kAttachmentBytes));
    BULLA_TRY_ASSIGN(const Bytes blob, read_input(options.file, limits::kBlobBytes));

    const std::vector<bulla::sign::Claim> claims{
        {bulla::sign::ClaimForm::bundle, std::move(bundle), {}, text::printable(options.bundle)}};
    BULLA_TRY_ASSIGN(const auto report, verifier.examine_blob(claims, blob));
    auto outcome = report.outcome();
    BULLA_TRY(context.output.prepare_all(
        "json",
        to_json(options.file, report.claims.front(), outcome ? nullptr : &outcome.error())));
    if (!outcome) {
        context.logger.report(outcome.error());
        return exit_code_of(outcome.error().code);
    }
    BULLA_TRY(context.output.prepare_all("text", to_text(options.file, *report.verified())));
    return ExitCode::done;
}

} // namespace bulla::cli::verify
