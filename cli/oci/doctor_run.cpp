// SPDX-License-Identifier: Apache-2.0
#include "base/core/text.hpp"
#include "base/http/curl_client.hpp"
#include "base/http/trust_roots.hpp"
#include "cli/common/doctor_report.hpp"
#include "cli/common/version.hpp"
#include "cli/oci/doctor.hpp"
#include "oci/store/credential_helper.hpp"
#include "oci/store/credential_overview.hpp"
#include "oci/store/ping.hpp"

namespace bulla::cli::oci {

namespace {

namespace store = bulla::oci;

using Level = Finding::Level;

std::string counted(std::size_t count, const std::string& path) {
    return std::to_string(count) + " certificates in " + (path.empty() ? "no place" : path);
}

Finding check_certificates() {
    const auto roots = http::find_trust_roots();
    Finding finding{.check = "certificates"};
    finding.facts = {
        {roots.file_is_named ? "SSL_CERT_FILE" : "file", counted(roots.file_count, roots.file)},
        {roots.folder_is_named ? "SSL_CERT_DIR" : "folder",
         counted(roots.folder_count, roots.folder)}};
    const bool named_and_empty = (roots.file_is_named && roots.file_count == 0) ||
                                 (roots.folder_is_named && roots.folder_count == 0);
    if (roots.file_count + roots.folder_count == 0) {
        finding.level = Level::problem;
        finding.text = "no certificate to check registries against";
        finding.hint = named_and_empty ? "correct SSL_CERT_FILE and SSL_CERT_DIR, or unset them"
                                       : "apt-get install ca-certificates";
    } else if (roots.file_is_named && roots.file_count == 0) {
        // The TLS library refuses every connection over a named file that it cannot read.
        finding.level = Level::problem;
        finding.text = "SSL_CERT_FILE names no file with certificates";
        finding.hint = "correct SSL_CERT_FILE, or unset it";
    } else {
        finding.text = "certificates of authorities are there";
    }
    return finding;
}

/// A helper that is not installed fails a push, and leaves a pull without credentials.
void check_helper(Finding& finding, const std::string& suffix) {
    if (!store::is_helper_installed(suffix)) {
        finding.level = Level::problem;
        finding.hint = "install docker-credential-" + text::printable(suffix) +
                       ", or remove it from this file";
    }
}

Finding describe(const store::CredentialOverview& overview) {
    Finding finding{.check = "credentials", .text = overview.place};
    if (overview.problem) {
        finding.level = Level::problem;
        finding.text += ": " + overview.problem->message;
        finding.hint = "repair it, or log in again with `bulla-oci login`";
        return finding;
    }
    for (const auto& entry : overview.entries) {
        finding.facts.push_back(
            {entry.host, entry.helper.empty() ? entry.kind : "docker-credential-" + entry.helper});
        if (!entry.helper.empty()) {
            check_helper(finding, entry.helper);
        }
    }
    if (!overview.store.empty()) {
        finding.facts.push_back({"every registry", "docker-credential-" + overview.store});
        check_helper(finding, overview.store);
    }
    return finding;
}

void check_credentials(std::vector<Finding>& findings) {
    const auto places = store::CredentialPlaces::from_environment();
    const auto found = store::list_credentials(places);
    for (const auto& overview : found) {
        findings.push_back(describe(overview));
    }
    if (found.empty()) {
        findings.push_back(
            {.check = "credentials",
             .level = Level::note,
             .text = "none; registries are asked without",
             .facts = {{"looked in", store::make_credential_source(places, nullptr)->places()}},
             .hint = "`bulla-oci login REGISTRY`, if a registry wants them"});
    }
}

/// "ghcr.io" or "ghcr.io/team/app:1"; a word without a dot or a port is no registry.
Result<store::Reference> parse_registry(const std::string& text) {
    const std::string host = text.substr(0, text.find('/'));
    if (host.find_first_of(".:") == std::string::npos && host != "localhost") {
        return Error{ErrorCode::usage,
                     "expected a registry such as ghcr.io or 127.0.0.1:5000, found \"" +
                         text::printable(text) + "\""};
    }
    return store::Reference::parse(host.size() == text.size() ? text + "/bulla" : text);
}

Finding
ask_registry(const store::Reference& reference, const DoctorOptions& options, Context& context) {
    const auto client = http::make_curl_client(
        {.user_agent = std::string("bulla/") + kVersion,
         .network = context.options.offline ? http::Network::offline : http::Network::online,
         .logger = &context.logger});
    const auto credentials =
        store::make_credential_source(store::CredentialPlaces::from_environment(), &context.logger);
    const auto answer =
        store::ping_registry(reference,
                             {.client = *client,
                              .credentials = *credentials,
                              .plain_http = options.plain_http ? store::PlainHttp::allowed
                                                               : store::PlainHttp::loopback_only,
                              .logger = &context.logger});
    Finding finding{.check = "registry"};
    if (!answer) {
        const Error& error = answer.error();
        finding.level = Level::problem;
        finding.text = error.message;
        finding.facts = error.context;
        finding.hint = error.hint.empty()
                           ? "try it with `curl -v https://" + reference.registry() + "/v2/`"
                           : error.hint;
        return finding;
    }
    finding.facts = {{"asked", answer->url}, {"status", std::to_string(answer->status)}};
    const std::string& name = reference.registry();
    if (answer->status == 200) {
        finding.text = name + (answer->had_login ? " answers, and takes the credentials"
                                                 : " answers, without credentials");
    } else if (answer->had_login) {
        finding.level = Level::problem;
        finding.text = name + " answers, and refuses the credentials";
        finding.hint = "`bulla-oci login " + name + "`";
    } else {
        finding.level = Level::note;
        finding.text = name + " answers, and wants credentials; public images may do without";
        finding.hint = "`bulla-oci login " + name + "`";
    }
    return finding;
}

} // namespace

Result<ExitCode> run_doctor(const DoctorOptions& options, Context& context) {
    std::vector<Finding> findings{check_certificates()};
    check_credentials(findings);
    if (options.registry) {
        BULLA_TRY_ASSIGN(const auto reference, parse_registry(*options.registry));
        findings.push_back(ask_registry(reference, options, context));
    }
    BULLA_TRY(context.output.prepare_all("text", findings_text(findings)));
    BULLA_TRY(context.output.prepare_all("json", findings_json(findings)));
    return exit_of(findings);
}

} // namespace bulla::cli::oci
