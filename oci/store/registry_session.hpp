// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "oci/store/token_source.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace bulla::oci {

/// Talks to one repository of one registry: knows its URL, authenticates, and says in our words
/// what an answer means. Safe for use from several threads.
class RegistrySession {
  public:
    RegistrySession(Reference reference, const RegistryOptions& options);

    const Reference& reference() const { return reference_; }

    /// "https://host/v2/", the question whether credentials are good (distribution-spec
    /// "Determining Support").
    Result<std::string> root_url();

    /// "https://host/v2/repository/PATH". Where either scheme may be spoken, http until the first
    /// request found out; what is sent goes to the right one.
    Result<std::string> url(std::string_view path);

    /// Sends a request to the registry (any URL; credentials go to the registry's own origin only)
    /// and answers its challenges. A body that can be read only once is not sent a second time.
    /// `pull_also` is another repository that the request reads from (a mount), or empty.
    Result<http::Response>
    send(http::Request request, Access access, std::string_view pull_also = {});
    Result<http::StreamedResponse> open(http::Request request, Access access);

    /// The longest that a small request and its answer took so far.
    std::chrono::microseconds slowest_answer() const { return slowest_.load(); }

    /// What was last sent to authenticate to this origin, if `url` belongs to it; asks nobody.
    std::optional<http::Credential> authorization_for(const std::string& url);

    /// The error that a response other than the expected one means; `what` names the thing asked
    /// for, "the manifest 1.2".
    Error error(const http::Response& response, std::string_view what) const;

    /// The code of the first error in a JSON error body (distribution-spec "Error Codes"), or "".
    static std::string error_code(const http::Response& response);

  private:
    enum class Purpose : std::uint8_t { whole_body, stream };

    Result<http::Url> root(std::string_view scheme) const;
    Result<http::Url> base();
    Result<http::Url> choose_scheme(const http::Request& first,
                                    std::optional<http::Response>& early);
    Result<std::optional<http::Response>> settle_scheme(http::Request& request, Purpose purpose);
    void note_warnings(const http::Response& response);
    Result<http::Response> send_timed(const http::Request& request);
    template <class Call>
    auto authenticated(http::Request& request, const TokenUse& use, Call call)
        -> decltype(call(request));

    Reference reference_;
    RegistryOptions options_;
    TokenSource tokens_;
    std::atomic<std::chrono::microseconds> slowest_{};
    std::mutex mutex_{};
    std::optional<http::Url> settled_{}; ///< of a registry that may speak either scheme
    std::optional<Error> unreachable_{}; ///< why it is not settled: not found out by each thread
    std::optional<http::Credential> last_authorization_{};
    std::set<std::string> warned_{};
};

} // namespace bulla::oci
