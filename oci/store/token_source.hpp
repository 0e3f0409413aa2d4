// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/http/url.hpp"
#include "oci/store/challenge.hpp"
#include "oci/store/registry_repository.hpp"

#include <chrono>
#include <compare>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace bulla::oci {

/// What a token is for.
struct TokenUse {
    Access access = Access::pull;
    std::string pull_also{}; ///< another repository of the registry that is read from, or empty

    friend auto operator<=>(const TokenUse&, const TokenUse&) = default;
};

/// Knows what to put into the Authorization header for one repository of one registry: nothing
/// until the registry asks, then a Basic login or a Bearer token, asked for once however many
/// threads wait for it and renewed before it expires. Safe for use from several threads.
class TokenSource {
  public:
    TokenSource(Reference reference, const RegistryOptions& options)
        : reference_(std::move(reference)), options_(options) {}

    /// What is known to work, without asking anybody; nothing before the first challenge or when
    /// the token has to be renewed and no challenge says where.
    Result<std::optional<http::Credential>> current(const TokenUse& use, const http::Url& registry);

    /// Answers a 401 that came for a request with `used`. Errors are unavailable (refused, realm
    /// not acceptable) or configuration (credentials that must not be sent).
    Result<http::Credential> answer(const std::vector<Challenge>& challenges,
                                    const TokenUse& use,
                                    const http::Url& registry,
                                    const std::optional<http::Credential>& used);

  private:
    struct Token {
        http::Credential header;
        std::chrono::steady_clock::time_point renew_at;
    };

    Result<http::Credential> basic(const http::Url& registry, Access access);
    Result<http::Credential> bearer(const TokenUse& use, const http::Url& registry);
    Result<http::Url> check_realm(const http::Url& registry, const Login& login) const;
    Result<http::Response>
    ask_realm(const http::Url& realm, const Login& login, const std::vector<std::string>& scopes);
    Result<http::Response> exchange_identity(const http::Url& realm,
                                             const Login& login,
                                             const std::vector<std::string>& scopes);
    std::vector<std::string> scopes(const TokenUse& use) const;
    Status check_plain_http(const http::Url& url, const Login& login) const;
    Error refused(int status, const Login& login) const;
    std::optional<http::Credential> fresh(const TokenUse& use) const;

    Reference reference_;
    RegistryOptions options_;
    std::mutex mutex_{};                   ///< held while a token is fetched: one flight
    std::optional<Challenge> challenge_{}; ///< the one that is answered
    std::map<TokenUse, Token> tokens_{};
    std::optional<http::Credential> basic_{};
};

} // namespace bulla::oci
