// SPDX-License-Identifier: Apache-2.0
#include "base/http/curl_client.hpp"
#include "base/http/transfer.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/http_server.hpp"
#include "tests/support/silent_server.hpp"

#include <algorithm>
#include <thread>

namespace bulla::http {
namespace {

using test::error_of;
using test::HttpReply;
using test::HttpRequest;
using test::HttpServer;
using test::SilentServer;
using test::value_of;

ClientOptions quick() {
    ClientOptions options;
    options.user_agent = "bulla/test";
    options.first_pause = std::chrono::milliseconds(1);
    return options;
}

Request get(std::string url) {
    Request request;
    request.url = std::move(url);
    return request;
}

TEST_CASE("http: a response has status, headers of any case and body", "[base][http]") {
    HttpServer server([](const HttpRequest&) {
        return HttpReply{.status = 418, .headers = {{"X-Kind", "Teapot"}}, .body = "short"};
    });
    const auto client = make_curl_client(quick());
    const Response response = value_of(client->send(get(server.url() + "/a?b=c")));
    CHECK(response.status == 418);
    CHECK(response.header("x-kind") == "Teapot");
    CHECK(response.body == "short");
    REQUIRE(server.requests().size() == 1);
    CHECK(server.requests()[0].line() == "GET /a?b=c");
    CHECK(server.requests()[0].header("User-Agent") == "bulla/test");
    CHECK(server.requests()[0].header("Expect").empty());
    CHECK(server.requests()[0].header("Accept-Encoding").empty());
}

TEST_CASE("http: several requests share one connection", "[base][http]") {
    HttpServer server([](const HttpRequest&) { return HttpReply{.body = "x"}; });
    const auto client = make_curl_client(quick());
    for (int i = 0; i < 3; ++i) {
        CHECK(value_of(client->send(get(server.url()))).status == 200);
    }
    CHECK(server.connections() == 1);
}

TEST_CASE("http: Authorization stays behind on a redirect to another port", "[base][http]") {
    HttpServer other([](const HttpRequest&) { return HttpReply{.body = "there"}; });
    HttpServer server([&](const HttpRequest&) {
        return HttpReply{.status = 307, .headers = {{"Location", other.url() + "/blob?X=1"}}};
    });
    const auto client = make_curl_client(quick());
    Request request = get(server.url() + "/start");
    request.authorization = Credential("Bearer secret");
    request.headers = {{"Cookie", "a=b"}, {"Accept", "x/y"}};
    const Response response = value_of(client->send(request));
    CHECK(response.body == "there");
    CHECK(response.final_url == other.url() + "/blob?X=1");
    CHECK(server.requests()[0].header("Authorization") == "Bearer secret");
    CHECK(other.requests()[0].header("Authorization").empty());
    CHECK(other.requests()[0].header("Cookie").empty());
    CHECK(other.requests()[0].header("Accept") == "x/y");
}

TEST_CASE("http: Authorization stays on a redirect within the origin", "[base][http]") {
    HttpServer server([](const HttpRequest& request) {
        return request.target == "/a"
                   ? HttpReply{.status = 302, .headers = {{"Location", "b?c=%2F"}}}
                   : HttpReply{.body = "b"};
    });
    const auto client = make_curl_client(quick());
    Request request = get(server.url() + "/a");
    request.authorization = Credential("Bearer secret");
    CHECK(value_of(client->send(request)).body == "b");
    CHECK(server.requests()[1].line() == "GET /b?c=%2F");
    CHECK(server.requests()[1].header("Authorization") == "Bearer secret");
}

TEST_CASE("http: more redirects than the limit are an error", "[base][http]") {
    HttpServer server([](const HttpRequest&) {
        return HttpReply{.status = 302, .headers = {{"Location", "/again"}}};
    });
    const auto client = make_curl_client(quick());
    const Error error = error_of(client->send(get(server.url())));
    CHECK(error.code == ErrorCode::unavailable);
    CHECK(server.requests().size() == limits::kRedirects + 1);
}

TEST_CASE("http: a redirect is returned where that was asked for", "[base][http]") {
    HttpServer server([](const HttpRequest&) {
        return HttpReply{.status = 303, .headers = {{"Location", "/elsewhere"}}};
    });
    const auto client = make_curl_client(quick());
    Request request = get(server.url());
    request.redirects = Request::Redirects::return_response;
    CHECK(value_of(client->send(request)).status == 303);
    CHECK(server.requests().size() == 1);
}

TEST_CASE("http: a redirect to another protocol is refused", "[base][http]") {
    HttpServer server([](const HttpRequest&) {
        return HttpReply{.status = 302, .headers = {{"Location", "file:///etc/passwd"}}};
    });
    const auto client = make_curl_client(quick());
    CHECK(error_of(client->send(get(server.url()))).code == ErrorCode::unavailable);
}

TEST_CASE("http: headers without end are cut off", "[base][http]") {
    HttpServer server([](const HttpRequest&) {
        HttpReply reply;
        for (std::size_t i = 0; i <= limits::kHeaderCount; ++i) {
            reply.headers.emplace_back("X-" + std::to_string(i), "v");
        }
        return reply;
    });
    const auto client = make_curl_client(quick());
    CHECK(error_of(client->send(get(server.url()))).code == ErrorCode::limit_exceeded);
}

TEST_CASE("http: a body over the limit of a buffered response is cut off", "[base][http]") {
    HttpServer server([](const HttpRequest&) { return HttpReply{.body = std::string(101, 'x')}; });
    const auto client = make_curl_client(quick());
    Request request = get(server.url());
    request.max_response_bytes = 100;
    CHECK(error_of(client->send(request)).code == ErrorCode::limit_exceeded);
    request.max_response_bytes = 101;
    CHECK(value_of(client->send(request)).body.size() == 101);
}

TEST_CASE("http: a body shorter than announced is an error and no early end", "[base][http]") {
    HttpServer server(
        [](const HttpRequest&) { return HttpReply{.body = "half", .announced_length = 8}; });
    const auto client = make_curl_client(quick());
    auto response = value_of(client->open(get(server.url())));
    CHECK(error_of(read_all(*response.body, 100, "body")).code == ErrorCode::unavailable);
}

TEST_CASE("http: a long streamed body arrives whole through the pauses", "[base][http]") {
    std::string body(5 * kWindowBytes + 12345, '\0');
    for (std::size_t i = 0; i < body.size(); ++i) {
        body[i] = static_cast<char>(i * 31 % 251);
    }
    HttpServer server([&](const HttpRequest&) { return HttpReply{.body = body}; });
    const auto client = make_curl_client(quick());
    auto response = value_of(client->open(get(server.url())));
    std::this_thread::sleep_for(std::chrono::milliseconds(20)); // lets the window fill
    CHECK(value_of(read_all(*response.body, 100 * limits::kMiB, "body")) == body);
}

TEST_CASE("http: a body that nobody reads to its end can be dropped", "[base][http]") {
    HttpServer server(
        [](const HttpRequest&) { return HttpReply{.body = std::string(9000000, 'x')}; });
    auto client = make_curl_client(quick());
    auto response = value_of(client->open(get(server.url())));
    client.reset(); // the body keeps what it needs
    std::array<char, 10> some{};
    CHECK(value_of(response.body->read(some)) > 0);
}

TEST_CASE("http: 503 is tried again after the seconds of Retry-After", "[base][http]") {
    int asked = 0;
    HttpServer server([&](const HttpRequest&) {
        return ++asked == 1 ? HttpReply{.status = 503, .headers = {{"Retry-After", "0"}}}
                            : HttpReply{.body = "now"};
    });
    const auto client = make_curl_client(quick());
    CHECK(value_of(client->send(get(server.url()))).body == "now");
}

TEST_CASE("http: 429 that does not end is returned after the last attempt", "[base][http]") {
    HttpServer server([](const HttpRequest&) { return HttpReply{.status = 429}; });
    const auto client = make_curl_client(quick());
    CHECK(value_of(client->send(get(server.url()))).status == 429);
    CHECK(server.requests().size() == limits::kRetries + 1);
}

TEST_CASE("http: a Retry-After beyond the limit is reported and not waited for", "[base][http]") {
    HttpServer server([](const HttpRequest&) {
        return HttpReply{.status = 429, .headers = {{"Retry-After", "21600"}}};
    });
    const auto client = make_curl_client(quick());
    CHECK(value_of(client->send(get(server.url()))).status == 429);
    CHECK(server.requests().size() == 1);
}

TEST_CASE("http: a body that is read once is sent once", "[base][http]") {
    HttpServer server([](const HttpRequest&) { return HttpReply{.status = 503}; });
    const auto client = make_curl_client(quick());
    MemoryReader body("content");
    Request request = get(server.url());
    request.method = "POST";
    request.body = &body;
    request.body_size = 7;
    CHECK(value_of(client->send(request)).status == 503);
    REQUIRE(server.requests().size() == 1);
    CHECK(server.requests()[0].body == "content");
}

TEST_CASE("http: a small body is sent again with the next attempt", "[base][http]") {
    int asked = 0;
    HttpServer server(
        [&](const HttpRequest&) { return HttpReply{.status = ++asked == 1 ? 500 : 201}; });
    const auto client = make_curl_client(quick());
    Request request = get(server.url());
    request.method = "POST";
    request.body_bytes = "content";
    CHECK(value_of(client->send(request)).status == 201);
    REQUIRE(server.requests().size() == 2);
    CHECK(server.requests()[1].body == "content");
}

TEST_CASE("http: a long body is streamed with its length", "[base][http]") {
    const std::string content(3 * kWindowBytes + 7, 'u');
    HttpServer server([](const HttpRequest&) { return HttpReply{.status = 201}; });
    const auto client = make_curl_client(quick());
    MemoryReader body(content);
    Request request = get(server.url());
    request.method = "PUT";
    request.body = &body;
    request.body_size = content.size();
    CHECK(value_of(client->send(request)).status == 201);
    CHECK(server.requests()[0].header("Content-Length") == std::to_string(content.size()));
    CHECK(server.requests()[0].body == content);
}

TEST_CASE("http: a body of open length ends where its reader does", "[base][http]") {
    const auto size = GENERATE(std::size_t{0}, std::size_t{5}, 3 * kWindowBytes + 7);
    const std::string content(size, 'u');
    HttpServer server([](const HttpRequest&) { return HttpReply{.status = 202}; });
    const auto client = make_curl_client(quick());
    MemoryReader body(content);
    Request request = get(server.url());
    request.method = "PATCH";
    request.body = &body;
    request.body_length = Request::BodyLength::open;
    CHECK(value_of(client->send(request)).status == 202);
    REQUIRE(server.requests().size() == 1);
    CHECK(server.requests()[0].header("Content-Length").empty());
    CHECK(server.requests()[0].body == content);
    CHECK(value_of(client->send(get(server.url()))).status == 202);
    CHECK(server.connections() == 1); // nothing was left over on it
}

TEST_CASE("http: a body that ends early is not sent as if it were whole", "[base][http]") {
    HttpServer server([](const HttpRequest&) { return HttpReply{.status = 201}; });
    const auto client = make_curl_client(quick());
    MemoryReader body("short");
    Request request = get(server.url());
    request.method = "PUT";
    request.body = &body;
    request.body_size = 100;
    CHECK(error_of(client->send(request)).code == ErrorCode::integrity);
    CHECK(server.requests().empty());
}

TEST_CASE("http: POST without a body is tried again only if the server did nothing",
          "[base][http]") {
    int status = 500;
    HttpServer server([&](const HttpRequest&) { return HttpReply{.status = status}; });
    const auto client = make_curl_client(quick());
    Request request = get(server.url());
    request.method = "POST";
    CHECK(value_of(client->send(request)).status == 500);
    CHECK(server.requests().size() == 1);
    CHECK(server.requests()[0].header("Content-Length") == "0");
    status = 503;
    CHECK(value_of(client->send(request)).status == 503);
    CHECK(server.requests().size() == 1 + limits::kRetries + 1);
}

TEST_CASE("http: offline opens no socket", "[base][http]") {
    HttpServer server([](const HttpRequest&) { return HttpReply{}; });
    ClientOptions options = quick();
    options.network = Network::offline;
    const auto client = make_curl_client(options);
    CHECK(error_of(client->send(get(server.url()))).code == ErrorCode::unavailable);
    CHECK_FALSE(client->open(get(server.url())).has_value());
    CHECK(server.connections() == 0);
}

TEST_CASE("http: a stop ends a pause between attempts", "[base][http]") {
    std::stop_source stop;
    HttpServer server([&](const HttpRequest&) {
        stop.request_stop();
        return HttpReply{.status = 503, .headers = {{"Retry-After", "50"}}};
    });
    ClientOptions options = quick();
    options.stop = stop.get_token();
    const auto client = make_curl_client(options);
    CHECK(error_of(client->send(get(server.url()))).code == ErrorCode::cancelled);
}

TEST_CASE("http: a header value with a line break is not sent", "[base][http]") {
    HttpServer server([](const HttpRequest&) { return HttpReply{}; });
    const auto client = make_curl_client(quick());
    Request request = get(server.url());
    request.authorization = Credential("Bearer x\r\nX-Injected: 1");
    CHECK(error_of(client->send(request)).code == ErrorCode::malformed);
    CHECK(server.requests().empty());
}

TEST_CASE("http: a refused connection names the host and is unavailable", "[base][http]") {
    std::string url;
    {
        HttpServer server([](const HttpRequest&) { return HttpReply{}; });
        url = server.url();
    }
    const auto client = make_curl_client(quick());
    const Error error = error_of(client->send(get(url)));
    CHECK(error.code == ErrorCode::unavailable);
    CHECK(error.message.find("127.0.0.1") != std::string::npos);
}

TEST_CASE("http: HEAD does not wait for a body", "[base][http]") {
    HttpServer server([](const HttpRequest&) { return HttpReply{.announced_length = 1000}; });
    const auto client = make_curl_client(quick());
    Request request = get(server.url());
    request.method = "HEAD";
    const Response response = value_of(client->send(request));
    CHECK(response.header("content-length") == "1000");
}

/// Keeps what is logged.
class KeptLines final : public Logger {
  public:
    void log(LogLevel level, std::string_view message, std::initializer_list<LogField>) override {
        const std::lock_guard lock(mutex_);
        if (level == LogLevel::info) {
            lines_.emplace_back(message);
        }
    }

    bool shows(LogLevel level) const override { return level == LogLevel::info; }

    std::vector<std::string> lines() const {
        const std::lock_guard lock(mutex_);
        return lines_;
    }

  private:
    mutable std::mutex mutex_;
    std::vector<std::string> lines_;
};

/// Limits of a fraction of a second; a second attempt is in time, a third is not.
ClientOptions impatient() {
    ClientOptions options = quick();
    options.silence = {.connect = std::chrono::milliseconds(300),
                       .answer = std::chrono::milliseconds(300),
                       .stall = std::chrono::seconds(1),
                       .repeat = std::chrono::milliseconds(550),
                       .notice = std::chrono::milliseconds(40)};
    return options;
}

std::string fact(const Error& error, std::string_view name) {
    for (const auto& [label, value] : error.context) {
        if (label == name) {
            return value;
        }
    }
    return {};
}

struct SilentCase {
    std::string name;
    std::string scheme;
    std::string at_once;
    std::string drops;
};

TEST_CASE("http: whoever says nothing, or too little, is asked twice and then named",
          "[base][http][silence]") {
    const auto kind =
        GENERATE(SilentCase{"no answer", "http", "", ""},
                 SilentCase{"no more than a status line", "http", "HTTP/1.1 200 OK\r\n", ""},
                 SilentCase{"a head, byte by byte",
                            "http",
                            "",
                            "HTTP/1.1 200 OK\r\nX-Slow: " + std::string(1000, 'h')},
                 SilentCase{"no TLS handshake", "https", "", ""});
    INFO(kind.name);
    SilentServer server(kind.at_once, kind.drops);
    const auto client = make_curl_client(impatient());
    const Request request = get(kind.scheme + "://" + server.host() + "/v2/");
    const auto start = std::chrono::steady_clock::now();
    const bool streamed = GENERATE(false, true);
    const Error error =
        streamed ? error_of(client->open(request)) : error_of(client->send(request));
    const auto took = std::chrono::steady_clock::now() - start;
    CHECK(error.code == ErrorCode::unavailable);
    CHECK_THAT(error.message, Catch::Contains(server.host() + " did not answer"));
    CHECK(fact(error, "asked") == "GET " + request.url);
    CHECK_FALSE(fact(error, "waited").empty());
    CHECK_THAT(error.hint, Catch::Contains("curl -v") && Catch::Contains(server.host()));
    CHECK(server.connections() == 2);
    CHECK(took < std::chrono::seconds(3));
}

TEST_CASE("http: a body that comes byte by byte is given up", "[base][http][silence]") {
    SilentServer server("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n", std::string(1000, 'b'));
    const auto client = make_curl_client(impatient());
    const Request request = get("http://" + server.host() + "/v2/");
    const Error error = error_of(client->send(request));
    CHECK(error.code == ErrorCode::unavailable);
    CHECK_THAT(error.message, Catch::Contains(server.host()));
    CHECK(server.connections() == 1); // the second it took is more than what may be repeated
    auto response = value_of(client->open(request));
    CHECK(error_of(read_all(*response.body, 2000, "body")).code == ErrorCode::unavailable);
}

TEST_CASE("http: a request that is not worth it is not sent again into silence",
          "[base][http][silence]") {
    SilentServer server;
    const auto client = make_curl_client(impatient());
    Request request = get("http://" + server.host() + "/");
    request.silence = Request::Silence::give_up;
    CHECK(error_of(client->send(request)).code == ErrorCode::unavailable);
    CHECK(server.connections() == 1);
}

TEST_CASE("http: a long wait is announced once, whoever else waits for the same host",
          "[base][http][silence]") {
    SilentServer server;
    KeptLines kept;
    ClientOptions options = impatient();
    options.logger = &kept;
    const auto client = make_curl_client(options);
    {
        const auto ask = [&] {
            CHECK_FALSE(client->send(get("http://" + server.host() + "/")).has_value());
        };
        const std::jthread other(ask);
        ask();
    }
    CHECK(kept.lines() == std::vector<std::string>{"waiting for " + server.host() + " …"});
}

TEST_CASE("http: an answer that comes in time is not announced", "[base][http][silence]") {
    HttpServer server([](const HttpRequest&) { return HttpReply{.body = "x"}; });
    KeptLines kept;
    ClientOptions options = quick();
    options.logger = &kept;
    CHECK(value_of(make_curl_client(options)->send(get(server.url()))).body == "x");
    CHECK(kept.lines().empty());
}

TEST_CASE("http: the time for everything ends a silence before its own limit does",
          "[base][http][silence]") {
    SilentServer server;
    ClientOptions options = quick();
    options.total_timeout = std::chrono::seconds(1);
    const auto client = make_curl_client(options);
    const auto start = std::chrono::steady_clock::now();
    const Error error = error_of(client->send(get("http://" + server.host() + "/")));
    CHECK(error.code == ErrorCode::unavailable);
    CHECK_THAT(error.hint, Catch::Contains("--timeout"));
    CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(3));
}

TEST_CASE("http: a stop ends a wait for an answer at once", "[base][http][silence]") {
    SilentServer server;
    std::stop_source stop;
    ClientOptions options = quick();
    options.stop = stop.get_token();
    const auto client = make_curl_client(options);
    const std::jthread stopper([&] {
        while (server.connections() == 0) {
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
        }
        stop.request_stop();
    });
    const auto start = std::chrono::steady_clock::now();
    CHECK(error_of(client->send(get("http://" + server.host() + "/"))).code ==
          ErrorCode::cancelled);
    CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(2));
}

} // namespace
} // namespace bulla::http
