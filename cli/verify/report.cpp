// SPDX-License-Identifier: Apache-2.0
#include "cli/verify/report.hpp"

#include "base/core/text.hpp"
#include "cli/common/result_json.hpp"

namespace bulla::cli::verify {

namespace {

void append_statement(std::string& out, const bulla::sign::VerifiedStatement& statement) {
    out += "  key: " + statement.key_hint() + " (" + statement.algorithm() + ")\n";
    if (!statement.predicate_type().empty()) {
        out += "  predicate type: " + text::printable(statement.predicate_type()) + "\n";
    }
    for (const auto& [name, value] : statement.annotations()) {
        out +=
            "  signed annotation: " + text::printable(name) + "=" + text::printable(value) + "\n";
    }
}

std::string carried_by(const evidence::Examined& examined, const std::string& platform) {
    std::string out = "  carried by: the " +
                      std::string(evidence::to_string(examined.candidate.role)) + " " +
                      examined.candidate.digest.to_string();
    const bool one_platform =
        examined.candidate.role == evidence::Role::manifest && !platform.empty();
    return out + (one_platform ? " (" + platform + " only)\n" : "\n");
}

void write_claim(json::Writer& out,
                 const evidence::Found& found,
                 const bulla::sign::ClaimReport& claim) {
    out.begin_object()
        .member("form", bulla::sign::to_string(claim.form))
        .member("digest", claim.origin);
    out.member("carrier", evidence::to_string(found.carrier))
        .member("manifest", found.manifest.to_string());
    out.member("verdict", bulla::sign::to_string(claim.verdict)).member("reason", claim.text);
    out.member("transparencyLog", bulla::sign::to_string(claim.log));
    out.member("timestamp", bulla::sign::to_string(claim.timestamp));
    if (claim.statement) {
        out.key("key").begin_object().member("hint", claim.statement->key_hint());
        out.member("algorithm", claim.statement->algorithm()).end_object();
        out.optional_member("predicateType", claim.statement->predicate_type());
        out.optional_member("dockerReference", claim.statement->docker_reference());
        out.key("annotations").begin_object();
        for (const auto& [name, value] : claim.statement->annotations()) {
            out.member(name, value);
        }
        out.end_object();
    }
    out.end_object();
}

} // namespace

std::string to_text(const Verification& verification) {
    std::string out = "verified: " + text::printable(verification.subject) + "\n";
    for (const auto& examined : verification.examined) {
        if (const auto* statement = examined.report.verified()) {
            out += carried_by(examined, verification.platform);
            append_statement(out, *statement);
        }
    }
    if (!verification.evidence_repository.empty()) {
        out += "  evidence in: " + text::printable(verification.evidence_repository) + "\n";
    }
    out += "  transparency log: not checked\n";
    for (const auto& examined : verification.examined) {
        for (std::size_t i = 0; i < examined.report.claims.size(); ++i) {
            const auto& claim = examined.report.claims[i];
            out += "  " + std::string(bulla::sign::to_string(claim.form)) + " " +
                   examined.found[i].manifest.to_string() + ": " +
                   std::string(bulla::sign::to_string(claim.verdict));
            out +=
                claim.verdict == bulla::sign::Verdict::verified ? "\n" : ": " + claim.text + "\n";
        }
    }
    return out;
}

std::string to_json(const Verification& verification, const Error* error) {
    auto out = begin_result("verification");
    out.member("subject", verification.subject);
    out.member("verdict", error == nullptr ? "verified" : bulla::to_string(error->code));
    out.optional_member("platform", verification.platform);
    out.optional_member("evidenceRepository", text::to_utf8(verification.evidence_repository));
    if (error == nullptr) {
        const auto& last = verification.examined.back().candidate;
        out.key("carriedBy").begin_object().member("digest", last.digest.to_string());
        out.member("role", evidence::to_string(last.role)).end_object();
    }
    out.key("examined").begin_array();
    for (const auto& examined : verification.examined) {
        out.begin_object().member("digest", examined.candidate.digest.to_string());
        out.member("role", evidence::to_string(examined.candidate.role))
            .key("claims")
            .begin_array();
        for (std::size_t i = 0; i < examined.report.claims.size(); ++i) {
            write_claim(out, examined.found[i], examined.report.claims[i]);
        }
        out.end_array().end_object();
    }
    out.end_array().end_object();
    return out.finish() + "\n";
}

} // namespace bulla::cli::verify
