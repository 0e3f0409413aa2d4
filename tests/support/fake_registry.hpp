// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/support/http_server.hpp"

#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>

namespace bulla::test {

/// A registry with the repository "app", without the referrers API, that behaves well unless
/// `intercept` answers first. Everything runs on the server's one thread; set up what is stored and
/// `intercept` before the first request, or from inside `intercept`.
class FakeRegistry {
  public:
    struct Manifest {
        std::string type;
        std::string bytes;
    };

    using Intercept = std::function<std::optional<HttpReply>(const HttpRequest&)>;

    FakeRegistry();

    /// Answers a request, or leaves it to the registry.
    Intercept intercept{};

    std::map<std::string, Manifest> manifests{}; ///< by digest and by tag
    std::map<std::string, std::string> blobs{};  ///< by digest

    void add_manifest(const std::string& tag, const std::string& type, const std::string& bytes);
    std::string add_blob(const std::string& bytes); ///< returns the digest

    HttpServer& server() { return server_; }

    std::string host() const { return server_.host(); }

    /// The reference of the repository: "127.0.0.1:PORT/app".
    std::string repository() const { return host() + "/app"; }

    /// What the registry itself would answer.
    HttpReply answer(const HttpRequest& request);

  private:
    HttpReply answer_manifest(const HttpRequest& request, const std::string& version);
    HttpReply answer_upload(const HttpRequest& request);

    std::string streamed_; ///< what PATCH brought: one upload at a time may do that
    HttpServer server_;    ///< last: its thread uses the rest
};

} // namespace bulla::test
