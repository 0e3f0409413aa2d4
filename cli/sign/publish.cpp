// SPDX-License-Identifier: Apache-2.0
#include "cli/sign/publish.hpp"

#include "base/core/text.hpp"
#include "cli/common/result_json.hpp"

#include <algorithm>

namespace bulla::cli::sign {

namespace {

/// A word as a POSIX shell reads it back.
std::string quoted(const std::string& word) {
    const bool plain = !word.empty() && std::ranges::all_of(word, [](char c) {
        return text::is_alnum(c) ||
               std::string_view("@%_+=:,./-").find(c) != std::string_view::npos;
    });
    if (plain) {
        return word;
    }
    std::string out = "'";
    for (const char c : word) {
        out += c == '\'' ? std::string("'\\''") : std::string(1, c);
    }
    return out + "'";
}

/// cosign splits the values of -a at commas (Go's encoding/csv).
std::string csv_field(const std::string& field) {
    if (field.find_first_of(",\"\n\r") == std::string::npos) {
        return field;
    }
    std::string out = "\"";
    for (const char c : field) {
        out += c == '"' ? std::string("\"\"") : std::string(1, c);
    }
    return out + "\"";
}

/// Where the public half of the key is, if it lies beside the private one as keygen puts it.
struct PublicKeyFile {
    std::string path = "cosign.pub";
    std::string command; ///< makes the file; empty if it is there
};

PublicKeyFile find_public_key(const std::string& key, const bulla::sign::Signer& signer) {
    if (key.ends_with(".key")) {
        const std::string beside = key.substr(0, key.size() - 4) + ".pub";
        const auto found = bulla::sign::load_public_key(beside);
        if (found && *found == signer.public_key()) {
            return {beside, ""};
        }
    }
    return {"cosign.pub", "bulla-sign public-key --key " + quoted(key) + " > cosign.pub"};
}

/// The repository for evidence as a person would type it; empty if there is none.
std::string evidence_of(const Published& published) {
    if (!published.evidence) {
        return {};
    }
    return published.evidence->reference ? published.evidence->reference->name()
                                         : published.evidence->to_string();
}

struct VerifyLines {
    std::string prepare; ///< to be run first; may be empty
    std::string bulla;
    std::string cosign; ///< empty if a layout folder is involved, which cosign does not read
};

VerifyLines verify_lines(const Published& published,
                         const OpenImage& image,
                         const std::string& key,
                         const bulla::sign::Signer& signer) {
    const auto public_key = find_public_key(key, signer);
    const bool attestation = !published.predicate_type.empty();
    std::string options = " --key " + quoted(public_key.path);
    if (attestation) {
        options += " --type " + quoted(published.type_option);
    }
    std::string for_bulla = options;
    for (const auto& [name, value] : published.annotations) {
        for_bulla += " -a " + quoted(name + "=" + value);
        options += " -a " + quoted(csv_field(name + "=" + value));
    }
    VerifyLines lines;
    lines.prepare = public_key.command;
    const std::string evidence = evidence_of(published);
    if (!evidence.empty()) {
        for_bulla += " --evidence-repository " + quoted(evidence);
    }
    lines.bulla = std::string("bulla-verify ") + (attestation ? "attestation" : "image") +
                  for_bulla + " " + quoted(published.pinned);
    if (image.name.reference && (!published.evidence || published.evidence->reference)) {
        lines.cosign = (evidence.empty() ? "" : "COSIGN_REPOSITORY=" + quoted(evidence) + " ") +
                       std::string("cosign ") + (attestation ? "verify-attestation" : "verify") +
                       options + " --insecure-ignore-tlog " + quoted(published.pinned);
    }
    return lines;
}

/// The part of a Kyverno ClusterPolicy rule that accepts these signatures.
std::string kyverno_setting(const OpenImage& image,
                            const std::string& evidence,
                            const bulla::sign::Signer& signer,
                            SignatureFormat format) {
    std::string out =
        "  verifyImages:\n  - imageReferences: [\"" + image.name.reference->name() + "*\"]\n";
    out += evidence.empty() ? "" : "    repository: \"" + evidence + "\"\n";
    out += std::string("    type: ") + (writes_legacy(format) ? "Cosign" : "SigstoreBundle") + "\n";
    out += "    attestors:\n    - entries:\n      - keys:\n          publicKeys: |-\n";
    const std::string pem = signer.public_key().to_pem();
    std::string_view rest = pem;
    while (!rest.empty()) {
        out += "            " + std::string(text::take_until(rest, '\n')) + "\n";
    }
    return out + "          rekor:\n            ignoreTlog: true\n";
}

std::string to_text(const Published& published,
                    const OpenImage& image,
                    const VerifyLines& lines,
                    const bulla::sign::Signer& signer,
                    SignatureFormat format) {
    std::string out;
    for (const auto& stored : published.signatures) {
        out += "signed " + stored.image.to_string() + "\n  " + stored.form + ": " +
               stored.manifest.to_string();
        out += stored.tag.empty() ? "\n" : " (tag " + stored.tag + ")\n";
    }
    if (published.evidence) {
        out += "stored in: " + text::printable(evidence_of(published)) + "\n";
    }
    out += "key: " + signer.public_key().hint() + " (" +
           std::string(crypto::to_string(signer.algorithm())) + ")\n";
    out += "\nVerify with:\n";
    for (const auto* line : {&lines.prepare, &lines.bulla, &lines.cosign}) {
        if (!line->empty()) {
            out += "  " + *line + "\n";
        }
    }
    const bool layout = published.evidence && !published.evidence->reference;
    if (image.name.reference && published.predicate_type.empty() && !layout) {
        out += "\nIn a Kyverno policy:\n" +
               kyverno_setting(image, evidence_of(published), signer, format);
    }
    return out;
}

std::string
to_json(const Published& published, const VerifyLines& lines, const bulla::sign::Signer& signer) {
    auto out = begin_result("signature");
    out.member("image", text::to_utf8(published.pinned))
        .optional_member("evidenceRepository", text::to_utf8(evidence_of(published)))
        .optional_member("predicateType", published.predicate_type);
    out.key("key").begin_object().member("hint", signer.public_key().hint());
    out.member("algorithm", crypto::to_string(signer.algorithm())).end_object();
    out.key("signatures").begin_array();
    for (const auto& stored : published.signatures) {
        out.begin_object().member("digest", stored.image.to_string()).member("form", stored.form);
        out.member("manifest", stored.manifest.to_string())
            .optional_member("tag", stored.tag)
            .end_object();
    }
    out.end_array().key("verify").begin_object().optional_member("prepare", lines.prepare);
    out.member("bulla", lines.bulla)
        .optional_member("cosign", lines.cosign)
        .end_object()
        .end_object();
    return out.finish() + "\n";
}

} // namespace

Result<Time> signing_time(const Clock& clock) {
    BULLA_TRY_ASSIGN(const auto epoch, source_date_epoch());
    return epoch.value_or(clock.now());
}

Status write_result(const Published& published,
                    const OpenImage& image,
                    const std::string& key,
                    const bulla::sign::Signer& signer,
                    SignatureFormat format,
                    Context& context) {
    const auto lines = verify_lines(published, image, key, signer);
    BULLA_TRY(context.output.prepare_all("text", to_text(published, image, lines, signer, format)));
    return context.output.prepare_all("json", to_json(published, lines, signer));
}

} // namespace bulla::cli::sign
