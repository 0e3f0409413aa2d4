// SPDX-License-Identifier: Apache-2.0
#include "base/http/retry.hpp"
#include "base/http/url.hpp"
#include "tests/support/catch.hpp"

namespace bulla::http {
namespace {

using test::error_of;
using test::value_of;

TEST_CASE("url: origins compare scheme, host without case, and the port that is meant",
          "[base][http]") {
    const Url a = value_of(parse_url("https://Registry.Example/v2/"));
    CHECK(a.origin() == "https://registry.example:443");
    CHECK(same_origin(a, value_of(parse_url("https://registry.example:443/other"))));
    CHECK_FALSE(same_origin(a, value_of(parse_url("http://registry.example:443/"))));
    CHECK_FALSE(same_origin(a, value_of(parse_url("https://registry.example:444/"))));
    CHECK_FALSE(same_origin(a, value_of(parse_url("https://example/"))));
}

TEST_CASE("url: other protocols, user names and line breaks are refused", "[base][http]") {
    for (const char* text : {"ftp://host/",
                             "file:///etc/passwd",
                             "https://user@host/",
                             "https://user:word@host/",
                             "https://host/a\r\nX: y",
                             "https://host/a b",
                             "//host/",
                             "/path",
                             "",
                             "https://",
                             "https://host:0/",
                             "https://host:99999/"}) {
        CAPTURE(text);
        CHECK(error_of(parse_url(text)).code == ErrorCode::malformed);
    }
}

TEST_CASE("url: a relative reference is resolved and its query kept byte for byte",
          "[base][http]") {
    const std::string base = "http://127.0.0.1:5000/v2/app/blobs/uploads/?x=1";
    CHECK(value_of(resolve(base, "/v2/app/blobs/uploads/u?_state=a%2Fb==&c=%41")) ==
          "http://127.0.0.1:5000/v2/app/blobs/uploads/u?_state=a%2Fb==&c=%41");
    CHECK(value_of(resolve(base, "https://other.example/u?sig=a+b")) ==
          "https://other.example/u?sig=a+b");
    CHECK(value_of(resolve(base, "u1?n=2")) == "http://127.0.0.1:5000/v2/app/blobs/uploads/u1?n=2");
    CHECK_FALSE(resolve(base, "").has_value());
    CHECK_FALSE(resolve(base, "gopher://x/").has_value());
}

TEST_CASE("url: addresses of private networks are known in every spelling", "[base][http]") {
    for (const char* host : {"127.0.0.1",
                             "10.1.2.3",
                             "172.16.0.1",
                             "172.31.255.255",
                             "192.168.1.1",
                             "169.254.169.254",
                             "100.64.0.1",
                             "0.0.0.0",
                             "224.0.0.1",
                             "::1",
                             "::",
                             "fe80::1",
                             "fc00::1",
                             "fd12::1",
                             "ff02::1",
                             "::ffff:127.0.0.1",
                             "::ffff:a9fe:a9fe",
                             "64:ff9b::7f00:1",
                             "localhost",
                             "LOCALHOST.",
                             "a.localhost",
                             "2130706433",
                             "0x7f.1"}) {
        CAPTURE(host);
        CHECK(is_private_host(host));
    }
    for (const char* host :
         {"8.8.8.8", "172.32.0.1", "192.169.0.1", "2001:db8::1", "registry.example", "11.0.0.1"}) {
        CAPTURE(host);
        CHECK_FALSE(is_private_host(host));
    }
}

TEST_CASE("url: nobody is sent from https to http", "[base][http]") {
    const Url from = value_of(parse_url("https://registry.example/"));
    CHECK(check_hop(from, value_of(parse_url("https://cdn.example/"))).has_value());
    CHECK_FALSE(check_hop(from, value_of(parse_url("http://cdn.example/"))).has_value());
}

TEST_CASE("url: a public host may not send us to a private address, a private one may",
          "[base][http]") {
    const Url local = value_of(parse_url("http://10.0.0.5/"));
    CHECK_FALSE(check_hop(value_of(parse_url("http://registry.example/")), local).has_value());
    CHECK(check_hop(value_of(parse_url("http://127.0.0.1:5000/")), local).has_value());
    CHECK_FALSE(check_hop(value_of(parse_url("https://registry.example/")),
                          value_of(parse_url("https://0x7f.1/")))
                    .has_value());
}

TEST_CASE("url: secrets in a query are not shown", "[base][http]") {
    CHECK(redact_url("https://s.example/b?X-Amz-Signature=abc&part=1&sig=q&_state=s&token=t") ==
          "https://s.example/b?X-Amz-Signature=***&part=1&sig=***&_state=s&token=***");
    CHECK(redact_url("https://user:word@s.example/b") == "https://***@s.example/b");
    CHECK(redact_url("https://s.example/a@b") == "https://s.example/a@b");
}

Response with_retry_after(std::string value) {
    Response response;
    response.headers = {{"Retry-After", std::move(value)}};
    return response;
}

TEST_CASE("retry: Retry-After is seconds or a date", "[base][http]") {
    const Time now = value_of(Result<Time>(*parse_rfc3339("2026-01-02T03:04:05Z")));
    using std::chrono::seconds;
    CHECK(retry_after(with_retry_after("7"), now) == seconds(7));
    CHECK(retry_after(with_retry_after("Fri, 02 Jan 2026 03:04:35 GMT"), now) == seconds(30));
    CHECK(retry_after(with_retry_after("Fri, 02 Jan 2026 03:00:00 GMT"), now) == seconds(0));
    CHECK(retry_after(with_retry_after("soon"), now) == std::nullopt);
    CHECK(retry_after(with_retry_after("-5"), now).value_or(seconds(0)) == seconds(0));
    CHECK(retry_after(Response(), now) == std::nullopt);
}

TEST_CASE("retry: pauses double and spread by at most a quarter", "[base][http]") {
    using std::chrono::milliseconds;
    for (std::uint64_t seed = 0; seed < 50; ++seed) {
        CHECK(pause_before(1, milliseconds(100), seed) >= milliseconds(100));
        CHECK(pause_before(1, milliseconds(100), seed) <= milliseconds(125));
        CHECK(pause_before(3, milliseconds(100), seed) >= milliseconds(400));
        CHECK(pause_before(3, milliseconds(100), seed) <= milliseconds(500));
    }
}

} // namespace
} // namespace bulla::http
