// SPDX-License-Identifier: Apache-2.0
#include "oci/store/token_source.hpp"

#include "base/core/text.hpp"
#include "base/json/json.hpp"

#include <algorithm>

namespace bulla::oci {

namespace {

using std::chrono::steady_clock;

/// application/x-www-form-urlencoded, which query strings accept as well.
std::string url_encode(std::string_view text) {
    constexpr std::string_view kDigits = "0123456789ABCDEF";
    std::string out;
    for (const char c : text) {
        if (text::is_alnum(c) || c == '-' || c == '.' || c == '_' || c == '~') {
            out += c;
        } else {
            const auto value = static_cast<unsigned char>(c);
            out += '%';
            out += kDigits[value >> 4U];
            out += kDigits[value & 0x0FU];
        }
    }
    return out;
}

std::string basic_header(std::string_view user, std::string_view password) {
    return "Basic " + text::to_base64(std::string(user) + ":" + std::string(password));
}

struct GrantedToken {
    std::string value;
    std::chrono::seconds life;
};

Result<GrantedToken> read_token(const http::Response& response, const http::Url& realm) {
    constexpr std::int64_t kDefaultLife = 60; // distribution token spec: absent means 60 seconds
    constexpr std::int64_t kLongestLife = 24 * 3600;
    json::ParseOptions options;
    options.max_bytes = limits::kTokenBytes;
    options.duplicates = json::Duplicates::last;
    const auto document = json::Document::parse(response.body, options);
    const json::Value root = document ? document->root() : json::Value();
    std::string token = root["token"].string_or("");
    if (token.empty()) {
        token = root["access_token"].string_or("");
    }
    if (token.empty()) {
        return Error{ErrorCode::unavailable,
                     "the token service " + text::printable(realm.host) +
                         " did not answer with a JSON object that has a token"};
    }
    const std::int64_t life = root["expires_in"].integer().value_or(kDefaultLife);
    return GrantedToken{std::move(token),
                        std::chrono::seconds(std::clamp<std::int64_t>(life, 0, kLongestLife))};
}

std::string_view actions(Access access) {
    return access == Access::push ? "pull,push" : "pull";
}

const Challenge* find_scheme(const std::vector<Challenge>& challenges, std::string_view scheme) {
    const auto found = std::ranges::find(challenges, scheme, &Challenge::scheme);
    return found == challenges.end() ? nullptr : &*found;
}

} // namespace

std::optional<http::Credential> TokenSource::fresh(const TokenUse& use) const {
    const auto now = steady_clock::now();
    for (const auto& [granted, token] : tokens_) {
        // A token for pushing also pulls, and one that pulls elsewhere as well is none the worse.
        const bool enough = (granted.access == use.access || granted.access == Access::push) &&
                            (granted.pull_also == use.pull_also || use.pull_also.empty());
        if (enough && now < token.renew_at) {
            return token.header;
        }
    }
    return std::nullopt;
}

Result<std::optional<http::Credential>> TokenSource::current(const TokenUse& use,
                                                             const http::Url& registry) {
    const std::lock_guard lock(mutex_);
    if (basic_) {
        return basic_;
    }
    if (!challenge_) {
        return std::optional<http::Credential>();
    }
    if (auto token = fresh(use)) {
        return token;
    }
    BULLA_TRY_ASSIGN(http::Credential token, bearer(use, registry));
    return std::optional<http::Credential>(std::move(token));
}

Result<http::Credential> TokenSource::answer(const std::vector<Challenge>& challenges,
                                             const TokenUse& use,
                                             const http::Url& registry,
                                             const std::optional<http::Credential>& used) {
    const std::lock_guard lock(mutex_);
    const Access access = use.access;
    // Somebody else may have answered the same challenge while we waited.
    if (const auto token = fresh(use);
        token && (!used || token->reveal_secret() != used->reveal_secret())) {
        return *token;
    }
    if (const Challenge* bearer_challenge = find_scheme(challenges, "bearer")) {
        if (use.pull_also.empty() || !challenge_) {
            challenge_ = *bearer_challenge;
            tokens_.clear();
        } else {
            // What a mount needs and is perhaps denied stays apart from what an upload needs.
            tokens_.erase(use);
        }
        return bearer(use, registry);
    }
    if (find_scheme(challenges, "basic") != nullptr) {
        if (used) {
            BULLA_TRY_ASSIGN(
                const Login login,
                options_.credentials.find(reference_.registry(), reference_.repository(), access));
            return refused(401, login);
        }
        return basic(registry, access);
    }
    return Error{ErrorCode::unavailable,
                 text::printable(reference_.registry()) +
                     " demands a way of authentication that is neither Basic nor Bearer"};
}

Error TokenSource::refused(int status, const Login& login) const {
    Error error{ErrorCode::unavailable,
                text::printable(reference_.registry()) +
                    (login.empty() ? " demands credentials, and none were found"
                                   : " refuses the credentials found for it")};
    error = std::move(error).with("status", std::to_string(status));
    if (!login.username.empty()) {
        error = std::move(error).with("user", text::printable(login.username));
    }
    if (const std::string places = options_.credentials.places(); !places.empty()) {
        error = std::move(error).with("looked in", places);
    }
    return std::move(error).with_hint("log in with `bulla-oci login " +
                                      text::printable(reference_.registry()) + "`");
}

Status TokenSource::check_plain_http(const http::Url& url, const Login& login) const {
    const bool v6 = url.host.find(':') != std::string::npos;
    if (url.scheme == "https" || login.empty() ||
        is_loopback(v6 ? "[" + url.host + "]" : url.host)) {
        return ok();
    }
    return Error{ErrorCode::configuration,
                 "credentials are not sent to " + text::printable(url.host) + " over plain http"}
        .with_hint("let the registry speak https");
}

Result<http::Credential> TokenSource::basic(const http::Url& registry, Access access) {
    BULLA_TRY_ASSIGN(
        const Login login,
        options_.credentials.find(reference_.registry(), reference_.repository(), access));
    if (login.password.empty()) {
        return refused(401, login);
    }
    BULLA_TRY(check_plain_http(registry, login));
    basic_ = http::Credential(basic_header(login.username, login.password.reveal_secret()));
    return *basic_;
}

std::vector<std::string> TokenSource::scopes(const TokenUse& use) const {
    if (reference_.repository().empty()) {
        return {}; // a login: what is asked is who we are, not what we may do
    }
    const std::string resource = "repository:" + reference_.repository() + ":";
    std::vector<std::string> out;
    const std::string asked = challenge_ ? challenge_->parameter("scope") : std::string();
    // What the registry itself asks for goes first: some read only the first. Its own wish for
    // less than we know to need ("pull" before a push) is covered by ours.
    for (const std::string_view scope : text::split(asked, ' ')) {
        if (!scope.empty() && !scope.starts_with(resource) && out.size() < 8) {
            out.emplace_back(scope);
        }
    }
    std::string ours = resource + std::string(actions(use.access));
    for (const std::string_view scope : text::split(asked, ' ')) {
        if (scope.starts_with(resource) && scope.find("delete") != std::string_view::npos) {
            ours += ",delete";
            break;
        }
    }
    out.insert(out.begin(), std::move(ours));
    if (challenge_ && challenge_->parameter("error") == "insufficient_scope" && out.size() > 1) {
        std::ranges::rotate(out, out.begin() + 1);
    }
    if (!use.pull_also.empty()) {
        out.push_back("repository:" + use.pull_also + ":pull");
    }
    return out;
}

Result<http::Url> TokenSource::check_realm(const http::Url& registry, const Login& login) const {
    auto realm = http::parse_url(challenge_->parameter("realm"));
    if (!realm) {
        return Error{ErrorCode::unavailable,
                     text::printable(reference_.registry()) +
                         " names no usable token service: " + realm.error().message};
    }
    // The realm is the registry's word: it may not send our credentials into the open or us into
    // private networks.
    if (auto allowed = http::check_hop(registry, *realm); !allowed) {
        return std::move(allowed.error()).with("token service", http::redact_url(realm->text));
    }
    BULLA_TRY(check_plain_http(*realm, login));
    return realm;
}

Result<http::Response> TokenSource::exchange_identity(const http::Url& realm,
                                                      const Login& login,
                                                      const std::vector<std::string>& scopes) {
    std::string joined;
    for (const std::string& scope : scopes) {
        joined += (joined.empty() ? "" : " ") + scope;
    }
    http::Request request;
    request.method = "POST";
    request.url = realm.text;
    request.headers = {{"Content-Type", "application/x-www-form-urlencoded"},
                       {"Accept", "application/json"}};
    request.body_bytes = "grant_type=refresh_token&refresh_token=" +
                         url_encode(login.identity_token.reveal_secret()) +
                         "&service=" + url_encode(challenge_->parameter("service")) +
                         "&client_id=bulla&scope=" + url_encode(joined);
    request.max_response_bytes = limits::kTokenBytes;
    // The body is the secret, and redirects would carry it on.
    request.redirects = http::Request::Redirects::return_response;
    return options_.client.send(request);
}

Result<http::Response> TokenSource::ask_realm(const http::Url& realm,
                                              const Login& login,
                                              const std::vector<std::string>& scopes) {
    if (!login.identity_token.empty()) {
        BULLA_TRY_ASSIGN(http::Response response, exchange_identity(realm, login, scopes));
        if (response.status != 404 && response.status != 405) {
            return response;
        }
    }
    std::string url = realm.text;
    const auto add = [&](std::string_view name, std::string_view value) {
        url += url.find('?') == std::string::npos ? '?' : '&';
        url += std::string(name) + "=" + url_encode(value);
    };
    if (const auto service = challenge_->parameter("service"); !service.empty()) {
        add("service", service);
    }
    for (const std::string& scope : scopes) {
        add("scope", scope);
    }
    http::Request request;
    const http::Credential& secret = login.password.empty() ? login.identity_token : login.password;
    if (!secret.empty()) {
        const std::string user = login.username.empty() ? "<token>" : login.username;
        add("account", user);
        request.authorization = http::Credential(basic_header(user, secret.reveal_secret()));
    }
    request.url = url;
    request.headers = {{"Accept", "application/json"}};
    request.max_response_bytes = limits::kTokenBytes;
    return options_.client.send(request);
}

Result<http::Credential> TokenSource::bearer(const TokenUse& use, const http::Url& registry) {
    BULLA_TRY_ASSIGN(
        const Login login,
        options_.credentials.find(reference_.registry(), reference_.repository(), use.access));
    BULLA_TRY(check_plain_http(registry, login));
    const auto keep = [&](Token token) {
        return tokens_.insert_or_assign(use, std::move(token)).first->second.header;
    };
    if (!login.registry_token.empty()) {
        return keep({http::Credential("Bearer " + login.registry_token.reveal_secret()),
                     steady_clock::time_point::max()});
    }
    BULLA_TRY_ASSIGN(const http::Url realm, check_realm(registry, login));
    BULLA_TRY_ASSIGN(const http::Response response, ask_realm(realm, login, scopes(use)));
    if (response.status == 401 || response.status == 403) {
        return refused(response.status, login);
    }
    if (response.status != 200) {
        return Error{ErrorCode::unavailable,
                     "the token service " + text::printable(realm.host) + " answers with status " +
                         std::to_string(response.status)};
    }
    BULLA_TRY_ASSIGN(const GrantedToken token, read_token(response, realm));
    // A fifth of the life is left for the requests that use it.
    return keep({http::Credential("Bearer " + token.value),
                 steady_clock::now() + std::chrono::milliseconds(
                                           std::chrono::milliseconds(token.life).count() * 4 / 5)});
}

} // namespace bulla::oci
