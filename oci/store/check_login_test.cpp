// SPDX-License-Identifier: Apache-2.0
#include "base/core/text.hpp"
#include "base/http/curl_client.hpp"
#include "oci/store/check_login.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/fake_registry.hpp"

namespace bulla::oci {
namespace {

using test::error_of;
using test::HttpReply;
using test::HttpRequest;
using test::HttpServer;
using test::value_of;

Login login(std::string password) {
    Login out;
    out.username = "me";
    out.password = http::Credential(std::move(password));
    return out;
}

Result<LoginCheck> check(const HttpServer& server, std::string password) {
    const auto client = http::make_curl_client({});
    const auto nobody = make_anonymous_source();
    return check_login(value_of(Reference::parse_registry(server.host())),
                       login(std::move(password)),
                       {.client = *client, .credentials = *nobody});
}

const std::string kRight = "Basic " + text::to_base64("me:right");

TEST_CASE("login check: a registry with Basic authentication is asked", "[oci][login]") {
    HttpServer server([](const HttpRequest& request) {
        return request.header("Authorization") == kRight
                   ? HttpReply{.status = 200}
                   : HttpReply{.status = 401, .headers = {{"WWW-Authenticate", "Basic realm=r"}}};
    });
    CHECK(value_of(check(server, "right")) == LoginCheck::accepted);
    CHECK(server.requests().back().line() == "GET /v2/");
    const Error error = error_of(check(server, "wrong"));
    CHECK(error.code == ErrorCode::unavailable);
    CHECK(error.message.find("refuses") != std::string::npos);
    CHECK(error.hint.find("user name") != std::string::npos);
}

TEST_CASE("login check: a token service is asked who we are, and for no repository",
          "[oci][login]") {
    HttpServer* self = nullptr;
    HttpServer server([&](const HttpRequest& request) {
        if (request.target.starts_with("/token")) {
            return request.header("Authorization") == kRight
                       ? HttpReply{.status = 200, .body = R"({"token":"t"})"}
                       : HttpReply{.status = 401};
        }
        return request.header("Authorization") == "Bearer t"
                   ? HttpReply{.status = 200}
                   : HttpReply{.status = 401,
                               .headers = {
                                   {"WWW-Authenticate",
                                    "Bearer realm=\"" + self->url() + "/token\",service=\"svc\""}}};
    });
    self = &server;
    CHECK(value_of(check(server, "right")) == LoginCheck::accepted);
    CHECK(server.count("GET /token?service=svc&account=me") == 1);
    CHECK(error_of(check(server, "wrong")).code == ErrorCode::unavailable);
}

TEST_CASE("login check: a registry that asks nobody has checked nothing", "[oci][login]") {
    HttpServer server([](const HttpRequest&) { return HttpReply{.status = 200}; });
    CHECK(value_of(check(server, "any")) == LoginCheck::not_asked);
}

TEST_CASE("login check: what is no registry, or broken, has not accepted anything",
          "[oci][login]") {
    for (const int status : {404, 403, 301, 501}) {
        CAPTURE(status);
        HttpServer server([&](const HttpRequest&) { return HttpReply{.status = status}; });
        CHECK_FALSE(check(server, "any").has_value());
    }
}

} // namespace
} // namespace bulla::oci
