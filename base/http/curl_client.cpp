// SPDX-License-Identifier: Apache-2.0
#include "base/http/curl_client.hpp"

#include "base/core/text.hpp"
#include "base/http/exchange.hpp"
#include "base/http/retry.hpp"
#include "base/http/url.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <map>

namespace bulla::http {

namespace {

using std::chrono::steady_clock;

enum class Wanted : std::uint8_t { whole_body, stream };

/// A response whose body has not been read, or why there is none.
struct Outcome {
    std::unique_ptr<Exchange> exchange;
    Response head{};
    std::optional<Error> failure{};
    bool failure_is_repeatable = false;
    bool failure_is_silence = false;
};

/// What with_retries is told about a failed attempt.
struct Verdict {
    bool repeatable = false;
    bool silent = false;
};

/// Says whom we wait for, once for all the transfers that wait for the same host.
class SilenceNotice {
  public:
    explicit SilenceNotice(Logger* logger) : logger_(logger) {}

    void say(const std::string& peer) {
        constexpr std::chrono::seconds kAgain{15};
        const auto now = steady_clock::now();
        {
            const std::lock_guard lock(mutex_);
            const auto [at, first] = said_.try_emplace(peer, now);
            if (!first && now - at->second < kAgain) {
                return;
            }
            at->second = now;
        }
        logger_->info("waiting for " + text::printable(peer) + " …");
    }

  private:
    Logger* logger_;
    std::mutex mutex_;
    std::map<std::string, steady_clock::time_point> said_; ///< few: the hosts of one run
};

std::string in_seconds(steady_clock::duration time) {
    return std::to_string(std::chrono::round<std::chrono::seconds>(time).count()) + " s";
}

class BodyReader final : public Reader {
  public:
    explicit BodyReader(std::unique_ptr<Exchange> exchange) : exchange_(std::move(exchange)) {}

    Result<std::size_t> read(std::span<char> into) override { return exchange_->read(into); }

  private:
    std::unique_ptr<Exchange> exchange_;
};

bool is_redirect(int status) {
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

bool is_origin_bound(std::string_view header) {
    return text::equal_ignoring_case(header, "Authorization") ||
           text::equal_ignoring_case(header, "Cookie") ||
           text::equal_ignoring_case(header, "Proxy-Authorization");
}

/// A line break in a header would let whoever chose the value write headers of his own.
Status check_headers(const Headers& headers) {
    const auto has_control = [](std::string_view text) {
        return std::ranges::any_of(text, [](char c) {
            const auto value = static_cast<unsigned char>(c);
            return (value < 0x20 && c != '\t') || value == 0x7F;
        });
    };
    for (const auto& [name, value] : headers) {
        if (name.empty() || has_control(name) || has_control(value)) {
            return Error{ErrorCode::malformed,
                         "the value for the header " + text::printable(name) +
                             " has control characters"};
        }
    }
    return ok();
}

class CurlClient final : public HttpClient {
  public:
    explicit CurlClient(ClientOptions options)
        : options_(std::move(options)), network_(std::make_shared<NetworkThread>()) {
        if (options_.total_timeout) {
            patience_.deadline = steady_clock::now() + *options_.total_timeout;
        }
        patience_.stop = options_.stop;
        patience_.notice_after = options_.silence.notice;
        if (options_.logger != nullptr) {
            // shared_ptr: bodies outlive the client, and wait as well.
            patience_.notice = [notice = std::make_shared<SilenceNotice>(options_.logger)](
                                   const std::string& peer) { notice->say(peer); };
        }
    }

    Result<Response> send(const Request& request) override;
    Result<StreamedResponse> open(const Request& request) override;

  private:
    Result<Response> send_once(const Request& request, Verdict& verdict);
    Outcome follow(const Request& request, Wanted wanted);
    Outcome exchange(const Request& request, const Url& url, Headers headers, Wanted wanted);
    Status check_online(const Request& request) const;
    Status sleep(std::chrono::milliseconds pause);
    void log(const Request& request,
             const std::string& url,
             const Outcome& outcome,
             steady_clock::time_point start);
    template <class Attempt>
    auto with_retries(const Request& request, Attempt attempt)
        -> decltype(attempt(std::declval<Verdict&>()));
    std::optional<std::chrono::milliseconds> head_limit(const Request& request) const;

    ClientOptions options_;
    Patience patience_;
    std::shared_ptr<NetworkThread> network_; ///< shared with bodies that are still being read
    std::atomic<std::uint64_t> counter_ = 0;
    SystemClock clock_;
};

Status CurlClient::check_online(const Request& request) const {
    if (options_.network == Network::online) {
        return ok();
    }
    return Error{ErrorCode::unavailable, "offline: no request is sent"}
        .with("not asked", redact_url(request.url))
        .with_hint("leave out --offline, or use an OCI layout folder");
}

Status CurlClient::sleep(std::chrono::milliseconds pause) {
    std::mutex mutex;
    std::condition_variable_any never;
    std::unique_lock lock(mutex);
    auto until = steady_clock::now() + pause;
    if (patience_.deadline && *patience_.deadline < until) {
        return Error{ErrorCode::unavailable,
                     "the time given for everything ends before the server wants to be asked again"}
            .with_hint("allow more with --timeout");
    }
    never.wait_until(lock, patience_.stop, until, [] { return false; });
    if (patience_.stop.stop_requested()) {
        return Error{ErrorCode::cancelled, "interrupted"};
    }
    return ok();
}

void CurlClient::log(const Request& request,
                     const std::string& url,
                     const Outcome& outcome,
                     steady_clock::time_point start) {
    if (options_.logger == nullptr || !options_.logger->shows(LogLevel::debug)) {
        return;
    }
    const auto took =
        std::chrono::duration_cast<std::chrono::milliseconds>(steady_clock::now() - start);
    options_.logger->debug(
        "http",
        {{"method", request.method},
         {"url", redact_url(url)},
         {"status",
          outcome.failure ? outcome.failure->message : std::to_string(outcome.head.status)},
         {"ms", std::to_string(took.count())}});
}

/// What is uploaded has to arrive before it can be answered, which takes as long as the line needs.
std::optional<std::chrono::milliseconds> CurlClient::head_limit(const Request& request) const {
    if (request.body != nullptr) {
        return std::nullopt;
    }
    constexpr std::size_t kSmallBody = 16 * limits::kKiB;
    return request.body_bytes.size() > kSmallBody
               ? request.timeout
               : std::min<std::chrono::milliseconds>(request.timeout, options_.silence.answer);
}

Outcome
CurlClient::exchange(const Request& request, const Url& url, Headers headers, Wanted wanted) {
    const auto start = steady_clock::now();
    // shared_ptr: the network thread and we let go of it independently.
    const auto transfer = std::make_shared<Transfer>();
    transfer->method = request.method;
    transfer->url = url.text;
    transfer->host = url.host;
    transfer->peer = url.authority();
    transfer->headers = std::move(headers);
    transfer->user_agent = options_.user_agent;
    transfer->body = request.body_bytes;
    transfer->streams_upload = request.body != nullptr;
    transfer->upload_size = request.body != nullptr ? request.body_size : 0;
    if (request.body_length == Request::BodyLength::open) {
        transfer->upload_size = std::nullopt;
    }
    transfer->whole_body = wanted == Wanted::whole_body && request.body == nullptr;
    transfer->connect_limit = options_.silence.connect;
    const bool uploads = request.body != nullptr || !request.body_bytes.empty();
    transfer->stall_limit = uploads ? limits::kUploadStallTime : options_.silence.stall;
    if (transfer->whole_body) {
        transfer->time_limit = request.timeout;
    }
    Outcome out;
    out.exchange = std::make_unique<Exchange>(network_, patience_);
    if (auto begun = out.exchange->begin(transfer, request.body, head_limit(request)); !begun) {
        out.failure_is_repeatable = out.exchange->failure_is_repeatable();
        out.failure_is_silence = out.exchange->failure_is_silence();
        out.failure = std::move(begun.error());
        out.exchange.reset();
    } else {
        out.head = out.exchange->head();
    }
    log(request, url.text, out, start);
    return out;
}

Outcome CurlClient::follow(const Request& request, Wanted wanted) {
    const auto failed = [](Error error) {
        Outcome out;
        out.failure = std::move(error);
        return out;
    };
    Request current = request;
    Headers headers = request.headers;
    if (request.authorization) {
        headers.emplace_back("Authorization", request.authorization->reveal_secret());
    }
    if (auto checked = check_headers(headers); !checked) {
        return failed(std::move(checked.error()));
    }
    auto url = parse_url(request.url);
    for (int hop = 0; url; ++hop) {
        Outcome out = exchange(current, *url, headers, wanted);
        const auto location = out.head.header("Location");
        if (out.failure || !is_redirect(out.head.status) || !location ||
            request.redirects == Request::Redirects::return_response) {
            return out;
        }
        if (hop >= limits::kRedirects) {
            return failed({ErrorCode::unavailable,
                           redact_url(request.url) + " leads to more than " +
                               std::to_string(limits::kRedirects) + " redirects"});
        }
        if (current.body != nullptr) {
            return failed({ErrorCode::unavailable,
                           text::printable(url->host) +
                               " redirects an upload whose content can be read only once"});
        }
        auto target = resolve(url->text, *location);
        if (!target) {
            return failed({ErrorCode::unavailable,
                           text::printable(url->host) +
                               " redirects to something unusable: " + target.error().message});
        }
        auto next = parse_url(*target);
        if (auto allowed = next ? check_hop(*url, *next) : Status(std::move(next.error()));
            !allowed) {
            return failed(std::move(allowed.error()));
        }
        if (!same_origin(*url, *next)) {
            std::erase_if(headers,
                          [](const auto& header) { return is_origin_bound(header.first); });
        }
        if (out.head.status == 303 && current.method != "HEAD") {
            current.method = "GET";
            current.body_bytes.clear();
        }
        out.exchange->drain();
        url = std::move(next);
    }
    return failed(std::move(url.error()));
}

/// The failure of a request that nobody answered, with what a person needs to go on.
Error explain_silence(Error error, const Request& request, steady_clock::duration waited) {
    error = std::move(error)
                .with("asked", request.method + " " + redact_url(request.url))
                .with("waited", in_seconds(waited));
    const auto url = parse_url(request.url);
    return url && error.hint.empty() ? std::move(error).with_hint(
                                           "see what it says to `curl -v -m 10 " +
                                           text::printable(url->scheme + "://" + url->authority()) +
                                           "/v2/`; --timeout 10s gives up sooner")
                                     : error;
}

template <class Attempt>
auto CurlClient::with_retries(const Request& request, Attempt attempt)
    -> decltype(attempt(std::declval<Verdict&>())) {
    BULLA_TRY(check_online(request));
    const auto start = steady_clock::now();
    for (int number = 1;; ++number) {
        Verdict verdict;
        auto result = attempt(verdict);
        bool again = false;
        std::chrono::milliseconds pause =
            pause_before(number, options_.first_pause, counter_.fetch_add(1));
        if (result) {
            const Response* response = nullptr;
            if constexpr (requires { result->head; }) {
                response = &result->head;
            } else {
                response = &*result;
            }
            again = is_temporary(response->status) && is_repeatable(request, response->status);
            if (const auto asked = retry_after(*response, clock_.now())) {
                again = again && *asked <= limits::kRetryAfter;
                pause = std::max<std::chrono::milliseconds>(pause, *asked);
            }
        } else {
            again = verdict.repeatable && is_repeatable(request, std::nullopt);
        }
        const auto waited = steady_clock::now() - start;
        if (verdict.silent) {
            again = again && request.silence == Request::Silence::ask_again &&
                    waited < options_.silence.repeat;
        }
        if (!again || number > options_.retries) {
            if (verdict.silent) {
                return explain_silence(std::move(result.error()), request, waited);
            }
            return result;
        }
        BULLA_TRY(sleep(pause));
    }
}

Result<Response> CurlClient::send_once(const Request& request, Verdict& verdict) {
    Outcome out = follow(request, Wanted::whole_body);
    verdict = {out.failure_is_repeatable, out.failure_is_silence};
    if (out.failure) {
        return std::move(*out.failure);
    }
    Response response = std::move(out.head);
    constexpr std::size_t kStep = 32 * 1024;
    while (true) {
        const std::size_t used = response.body.size();
        response.body.resize(used + kStep);
        auto count = out.exchange->read(std::span(response.body).subspan(used));
        if (!count) {
            verdict = {out.exchange->failure_is_repeatable(), out.exchange->failure_is_silence()};
            return std::move(count.error());
        }
        response.body.resize(used + *count);
        if (*count == 0) {
            return response;
        }
        if (response.body.size() > request.max_response_bytes) {
            return Error{ErrorCode::limit_exceeded,
                         "the response of " + redact_url(response.final_url) +
                             " is larger than the limit of " +
                             std::to_string(request.max_response_bytes) + " bytes"};
        }
    }
}

Result<Response> CurlClient::send(const Request& request) {
    return with_retries(request, [&](Verdict& verdict) { return send_once(request, verdict); });
}

Result<StreamedResponse> CurlClient::open(const Request& request) {
    return with_retries(request, [&](Verdict& verdict) -> Result<StreamedResponse> {
        Outcome out = follow(request, Wanted::stream);
        verdict = {out.failure_is_repeatable, out.failure_is_silence};
        if (out.failure) {
            return std::move(*out.failure);
        }
        StreamedResponse response{.head = std::move(out.head), .body = nullptr};
        if (response.head.status >= 400) {
            out.exchange->drain();
        }
        response.body = std::make_unique<BodyReader>(std::move(out.exchange));
        return response;
    });
}

} // namespace

std::unique_ptr<HttpClient> make_curl_client(ClientOptions options) {
    return std::make_unique<CurlClient>(std::move(options));
}

} // namespace bulla::http
