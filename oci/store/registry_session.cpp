// SPDX-License-Identifier: Apache-2.0
#include "oci/store/registry_session.hpp"

#include "base/core/text.hpp"
#include "base/json/json.hpp"

#include <chrono>
#include <utility>

namespace bulla::oci {

namespace {

constexpr int kAuthRounds = 2; ///< an expired token, and one whose scope was too small
constexpr std::size_t kShownBytes = 200;
/// Refusals on this machine come in no time.
constexpr std::chrono::seconds kSilence{5};

/// Docker Hub's registry does not live at its name.
std::string network_host(const std::string& registry) {
    return registry == "docker.io" ? "registry-1.docker.io" : registry;
}

const http::Response& head_of(const http::Response& response) {
    return response;
}

const http::Response& head_of(const http::StreamedResponse& response) {
    return response.head;
}

/// What servers say when http is spoken to their https port (Go's net/http, nginx).
bool wants_https(const http::Response& response) {
    return response.status == 400 &&
           (response.body.find("HTTPS server") != std::string::npos ||
            response.body.find("plain HTTP request was sent to HTTPS port") != std::string::npos);
}

struct RegistryComplaint {
    std::string code;
    std::string message;
};

RegistryComplaint first_complaint(const http::Response& response) {
    json::ParseOptions options;
    options.max_bytes = limits::kErrorBodyBytes;
    options.duplicates = json::Duplicates::last;
    const auto document = json::Document::parse(response.body, options);
    if (!document) {
        return {};
    }
    const json::Value first = document->root()["errors"][std::size_t{0}];
    return {first["code"].string_or(""), first["message"].string_or("")};
}

} // namespace

RegistrySession::RegistrySession(Reference reference, const RegistryOptions& options)
    : reference_(std::move(reference)), options_(options), tokens_(reference_, options) {}

Result<http::Url> RegistrySession::root(std::string_view scheme) const {
    return http::parse_url(std::string(scheme) + "://" + network_host(reference_.registry()) +
                           "/v2/");
}

/// On this machine a registry may speak either. http is asked first: the answer of an https server
/// to it is clear and cheap, and nothing secret is in the question, which never has credentials. A
/// request that can serve as the question does, and its answer is kept in `early`.
Result<http::Url> RegistrySession::choose_scheme(const http::Request& first,
                                                 std::optional<http::Response>& early) {
    BULLA_TRY_ASSIGN(const http::Url plain, root("http"));
    http::Request question;
    question.url = plain.text;
    const bool serves = first.method == "GET" && first.url.starts_with(plain.text);
    const auto asked = std::chrono::steady_clock::now();
    auto answer = options_.client.send(serves ? first : question);
    if (answer && !wants_https(*answer)) {
        if (serves) {
            early = std::move(*answer);
        }
        return plain;
    }
    BULLA_TRY_ASSIGN(const http::Url secure, root("https"));
    if (answer) {
        return secure;
    }
    // A server of https answers plain http or hangs up; who kept silent will not talk either way.
    const bool silent = std::chrono::steady_clock::now() - asked >= kSilence;
    if (answer.error().code != ErrorCode::unavailable || silent) {
        return std::move(answer.error());
    }
    question.url = secure.text;
    if (options_.client.send(question)) {
        return secure;
    }
    return std::move(answer.error());
}

Result<std::optional<http::Response>> RegistrySession::settle_scheme(http::Request& request,
                                                                     Purpose purpose) {
    std::optional<http::Response> early;
    if (!is_loopback(reference_.registry())) {
        return early;
    }
    const std::lock_guard lock(mutex_);
    if (unreachable_) {
        return *unreachable_;
    }
    if (!settled_) {
        auto chosen =
            choose_scheme(purpose == Purpose::whole_body ? request : http::Request(), early);
        if (!chosen) {
            if (chosen.error().code == ErrorCode::unavailable) {
                unreachable_ = chosen.error();
            }
            return std::move(chosen.error());
        }
        settled_ = std::move(*chosen);
    }
    // What was asked for before the scheme was known has the one that is tried first.
    BULLA_TRY_ASSIGN(const http::Url plain, root("http"));
    if (settled_->text != plain.text && request.url.starts_with(plain.text)) {
        request.url = settled_->text + request.url.substr(plain.text.size());
    }
    return early;
}

Result<http::Url> RegistrySession::base() {
    if (!is_loopback(reference_.registry())) {
        return root(options_.plain_http == PlainHttp::allowed ? "http" : "https");
    }
    const std::lock_guard lock(mutex_);
    return settled_ ? Result<http::Url>(*settled_) : root("http");
}

Result<std::string> RegistrySession::root_url() {
    BULLA_TRY_ASSIGN(const http::Url root, base());
    return root.text;
}

Result<std::string> RegistrySession::url(std::string_view path) {
    BULLA_TRY_ASSIGN(const http::Url root, base());
    return root.text + reference_.repository() + "/" + std::string(path);
}

template <class Call>
auto RegistrySession::authenticated(http::Request& request, const TokenUse& use, Call call)
    -> decltype(call(request)) {
    BULLA_TRY_ASSIGN(const http::Url registry, base());
    BULLA_TRY_ASSIGN(const http::Url target, http::parse_url(request.url));
    const bool ours = http::same_origin(registry, target);
    if (ours) {
        BULLA_TRY_ASSIGN(request.authorization, tokens_.current(use, registry));
    }
    for (int round = 0;; ++round) {
        auto response = call(request);
        if (!response) {
            return response;
        }
        const http::Response& head = head_of(*response);
        // After a redirect somebody else speaks: its challenge is not the registry's, and answering
        // it would hand the registry's credentials to whatever realm it names.
        const auto answered = http::parse_url(head.final_url);
        const bool registry_speaks = ours && answered && http::same_origin(registry, *answered);
        if (registry_speaks) {
            note_warnings(head);
        }
        if (registry_speaks && head.status < 400) {
            const std::lock_guard lock(mutex_);
            last_authorization_ = request.authorization;
        }
        if (!registry_speaks || head.status != 401 || round == kAuthRounds ||
            request.body != nullptr) {
            return response;
        }
        std::vector<Challenge> challenges;
        for (const std::string_view header : head.all_headers("WWW-Authenticate")) {
            const auto parsed = parse_challenges(header);
            challenges.insert(challenges.end(), parsed.begin(), parsed.end());
        }
        if (challenges.empty()) {
            return response;
        }
        BULLA_TRY_ASSIGN(http::Credential answer,
                         tokens_.answer(challenges, use, registry, request.authorization));
        request.authorization = std::move(answer);
    }
}

Result<http::Response>
RegistrySession::send(http::Request request, Access access, std::string_view pull_also) {
    BULLA_TRY_ASSIGN(auto early, settle_scheme(request, Purpose::whole_body));
    return authenticated(request,
                         TokenUse{access, std::string(pull_also)},
                         [&](const http::Request& ready) -> Result<http::Response> {
                             if (early) {
                                 return *std::exchange(early, std::nullopt);
                             }
                             return send_timed(ready);
                         });
}

Result<http::Response> RegistrySession::send_timed(const http::Request& request) {
    constexpr std::size_t kSmall = 64 * 1024;
    const auto begun = std::chrono::steady_clock::now();
    auto response = options_.client.send(request);
    const auto took = std::chrono::duration_cast<std::chrono::microseconds>(
        std::chrono::steady_clock::now() - begun);
    if (response && request.body == nullptr && request.body_bytes.size() <= kSmall) {
        auto longest = slowest_.load();
        while (longest < took && !slowest_.compare_exchange_weak(longest, took)) {
        }
    }
    return response;
}

Result<http::StreamedResponse> RegistrySession::open(http::Request request, Access access) {
    BULLA_TRY(settle_scheme(request, Purpose::stream));
    return authenticated(request, TokenUse{access}, [this](const http::Request& ready) {
        return options_.client.open(ready);
    });
}

std::optional<http::Credential> RegistrySession::authorization_for(const std::string& url) {
    const auto target = http::parse_url(url);
    const auto registry = base();
    const std::lock_guard lock(mutex_);
    return registry && target && http::same_origin(*registry, *target) ? last_authorization_
                                                                       : std::nullopt;
}

void RegistrySession::note_warnings(const http::Response& response) {
    if (options_.logger == nullptr) {
        return;
    }
    for (const std::string_view header : response.all_headers("Warning")) {
        if (!header.starts_with("299 ")) { // distribution-spec "Warnings"
            continue;
        }
        const std::string text = text::printable(header.substr(4, kShownBytes));
        const std::lock_guard lock(mutex_);
        constexpr std::size_t kMostWarnings = 20;
        if (warned_.size() < kMostWarnings && warned_.insert(text).second) {
            options_.logger->warning("the registry " + reference_.registry() + " says: " + text);
        }
    }
}

std::string RegistrySession::error_code(const http::Response& response) {
    return first_complaint(response).code;
}

Error RegistrySession::error(const http::Response& response, std::string_view what) const {
    const std::string registry = text::printable(reference_.registry());
    const RegistryComplaint complaint = first_complaint(response);
    Error error{ErrorCode::unavailable, {}};
    if (response.status == 404) {
        error.code = ErrorCode::not_found;
        error.message = complaint.code == "NAME_UNKNOWN"
                            ? registry + " has no repository \"" + reference_.repository() + "\""
                            : std::string(what) + " is not in " + reference_.name();
    } else if (response.status == 401 || response.status == 403) {
        error.message = registry + " refuses access to " + std::string(what);
        error.hint = "log in with `bulla-oci login " + registry + "` as somebody who may do this";
    } else if (response.status == 429) {
        error.message = registry + " throttles us (status 429, too many requests)";
        error.hint = "log in with `bulla-oci login " + registry +
                     "`, which raises most limits, or try again later";
    } else {
        error.message = registry + " answers with status " + std::to_string(response.status) +
                        " to the request for " + std::string(what);
    }
    if (!complaint.code.empty() || !complaint.message.empty()) {
        error =
            std::move(error).with("registry says",
                                  text::printable(complaint.code.substr(0, kShownBytes)) + ": " +
                                      text::printable(complaint.message.substr(0, kShownBytes)));
    }
    if (const auto wait = response.header("Retry-After"); wait && response.status == 429) {
        error =
            std::move(error).with("try again after", text::printable(wait->substr(0, kShownBytes)));
    }
    if (response.status == 401 || response.status == 403) {
        if (const std::string places = options_.credentials.places(); !places.empty()) {
            error = std::move(error).with("looked for credentials in", places);
        }
    }
    return error;
}

} // namespace bulla::oci
