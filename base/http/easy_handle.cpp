// SPDX-License-Identifier: Apache-2.0
#include "base/http/easy_handle.hpp"

#include "base/core/text.hpp"

#include <algorithm>
#include <cstdlib>
#include <cstring>

namespace bulla::http {

namespace {

void fail(Transfer& transfer, Error error) {
    if (!transfer.failure) {
        transfer.failure = std::move(error);
    }
}

/// Keeps one line of the response's head; the caller holds the lock.
bool accept_header(Transfer& transfer, std::string_view line) {
    transfer.header_bytes += line.size();
    if (transfer.header_bytes > limits::kHeaderBytes ||
        transfer.response_headers.size() >= limits::kHeaderCount) {
        fail(transfer,
             Error{ErrorCode::limit_exceeded,
                   text::printable(transfer.host) + " sends headers without end (limit " +
                       std::to_string(limits::kHeaderBytes) + " bytes, " +
                       std::to_string(limits::kHeaderCount) + " lines)"});
        return false;
    }
    if (transfer.head_complete) {
        return true; // trailers: nothing here uses them
    }
    if (line.starts_with("HTTP/")) { // each interim response starts over
        transfer.response_headers.clear();
        const auto blank = line.find(' ');
        const auto code = line.substr(std::min(blank, line.size() - 1) + 1, 3);
        transfer.status = static_cast<int>(text::parse_unsigned(code).value_or(0));
        return true;
    }
    const auto colon = line.find(':');
    if (colon != std::string_view::npos) {
        transfer.response_headers.emplace_back(text::trim(line.substr(0, colon)),
                                               text::trim(line.substr(colon + 1)));
    } else if (text::trim(line).empty() && transfer.status >= 200) {
        transfer.head_complete = true;
    }
    return true;
}

std::size_t on_header(char* data, std::size_t size, std::size_t count, void* user) {
    auto& transfer = *static_cast<Transfer*>(user);
    const std::size_t total = size * count;
    bool accepted = false;
    bool news = false;
    {
        const std::lock_guard lock(transfer.mutex);
        accepted = !transfer.abandoned && accept_header(transfer, std::string_view(data, total));
        news = transfer.has_news();
    }
    if (news) {
        transfer.changed.notify_all();
    }
    return accepted ? total : 0;
}

std::size_t on_body(char* data, std::size_t size, std::size_t count, void* user) {
    auto& transfer = *static_cast<Transfer*>(user);
    const std::size_t total = size * count;
    bool news = false;
    {
        std::unique_lock lock(transfer.mutex);
        if (transfer.abandoned) {
            return 0;
        }
        const std::size_t waiting = transfer.download.size() - transfer.download_start;
        if (waiting > 0 && waiting + total > kWindowBytes) {
            transfer.download_paused = true;
            lock.unlock();
            transfer.changed.notify_all();
            return CURL_WRITEFUNC_PAUSE;
        }
        transfer.download.erase(0, transfer.download_start);
        transfer.download_start = 0;
        transfer.download.append(data, total);
        news = transfer.has_news();
    }
    if (news) {
        transfer.changed.notify_all();
    }
    return total;
}

int on_sending(void* user, char*, char*, int, int) {
    auto& transfer = *static_cast<Transfer*>(user);
    const std::lock_guard lock(transfer.mutex);
    transfer.sent = std::chrono::steady_clock::now();
    return CURL_PREREQFUNC_OK;
}

std::size_t on_upload(char* into, std::size_t size, std::size_t count, void* user) {
    auto& transfer = *static_cast<Transfer*>(user);
    std::size_t taken = 0;
    {
        const std::lock_guard lock(transfer.mutex);
        if (transfer.abandoned) {
            return CURL_READFUNC_ABORT;
        }
        taken = std::min(size * count, transfer.upload.size() - transfer.upload_start);
        // An announced length is kept even when nobody has more to send: an upload that ended short
        // of it would leave the server reading the next request as content.
        const bool over = transfer.upload_size ? transfer.uploaded >= *transfer.upload_size
                                               : transfer.upload_complete;
        if (taken == 0 && !over) {
            transfer.upload_paused = true;
            return CURL_READFUNC_PAUSE;
        }
        std::memcpy(into, transfer.upload.data() + transfer.upload_start, taken);
        transfer.upload_start += taken;
        transfer.uploaded += taken;
        if (transfer.upload_start == transfer.upload.size()) {
            transfer.upload.clear();
            transfer.upload_start = 0;
        }
    }
    transfer.changed.notify_all();
    return taken;
}

int on_seek(void* user, curl_off_t offset, int origin) {
    const auto& transfer = *static_cast<Transfer*>(user);
    const std::lock_guard lock(transfer.mutex);
    const bool untouched = transfer.uploaded == 0 && offset == 0 && origin == SEEK_SET;
    return untouched ? CURL_SEEKFUNC_OK : CURL_SEEKFUNC_FAIL;
}

} // namespace

EasyHandle EasyHandle::make(std::shared_ptr<Transfer> transfer) {
    EasyHandle out;
    out.transfer_ = std::move(transfer);
    out.error_text_ = std::make_unique<char[]>(CURL_ERROR_SIZE);
    out.easy_.reset(curl_easy_init());
    if (out.easy_ == nullptr) {
        return out;
    }
    CURL* const easy = out.easy();
    curl_easy_setopt(easy, CURLOPT_URL, out.transfer_->url.c_str());
    curl_easy_setopt(easy, CURLOPT_PRIVATE, out.transfer_.get());
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, out.error_text_.get());
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_USERAGENT, out.transfer_->user_agent.c_str());
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    curl_easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L);
    curl_easy_setopt(easy, CURLOPT_BUFFERSIZE, 256L * 1024);
    curl_easy_setopt(easy, CURLOPT_UPLOAD_BUFFERSIZE, 256L * 1024);
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, out.transfer_.get());
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, out.transfer_.get());
    curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, on_sending);
    curl_easy_setopt(easy, CURLOPT_PREREQDATA, out.transfer_.get());
    out.set_security();
    out.set_limits();
    out.set_headers();
    out.set_body();
    return out;
}

void EasyHandle::set_security() {
    CURL* const easy = easy_.get();
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(easy, CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
    curl_easy_setopt(easy, CURLOPT_UNRESTRICTED_AUTH, 0L);
    curl_easy_setopt(easy, CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
    curl_easy_setopt(easy, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    curl_easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    curl_easy_setopt(easy, CURLOPT_HTTP_CONTENT_DECODING, 0L);
    // The library reads these variables only in its command line tool.
    if (const char* file = std::getenv("SSL_CERT_FILE"); file != nullptr && *file != '\0') {
        curl_easy_setopt(easy, CURLOPT_CAINFO, file);
    }
    if (const char* directory = std::getenv("SSL_CERT_DIR");
        directory != nullptr && *directory != '\0') {
        curl_easy_setopt(easy, CURLOPT_CAPATH, directory);
    }
}

void EasyHandle::set_limits() {
    CURL* const easy = easy_.get();
    curl_easy_setopt(
        easy, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(transfer_->connect_limit.count()));
    if (transfer_->time_limit) {
        curl_easy_setopt(
            easy, CURLOPT_TIMEOUT_MS, static_cast<long>(transfer_->time_limit->count()));
    }
    curl_easy_setopt(
        easy, CURLOPT_LOW_SPEED_LIMIT, static_cast<long>(limits::kLowestBytesPerSecond));
    curl_easy_setopt(
        easy, CURLOPT_LOW_SPEED_TIME, static_cast<long>(transfer_->stall_limit.count()));
}

void EasyHandle::set_headers() {
    const auto append = [&](const std::string& line) {
        headers_.reset(curl_slist_append(headers_.release(), line.c_str()));
    };
    bool has_type = false;
    for (const auto& [name, value] : transfer_->headers) {
        has_type = has_type || text::equal_ignoring_case(name, "Content-Type");
        append(value.empty() ? name + ";" : name + ": " + value);
    }
    append("Expect:"); // waiting for "100 Continue" costs a second with servers that ignore it
    if (!has_type) {
        append("Content-Type:"); // else the library claims a form
    }
    curl_easy_setopt(easy_.get(), CURLOPT_HTTPHEADER, headers_.get());
}

void EasyHandle::set_body() {
    CURL* const easy = easy_.get();
    const std::string& method = transfer_->method;
    if (transfer_->streams_upload) {
        curl_easy_setopt(easy, CURLOPT_UPLOAD, 1L);
        constexpr curl_off_t kUnknown = -1; // sent in chunks
        curl_easy_setopt(easy,
                         CURLOPT_INFILESIZE_LARGE,
                         transfer_->upload_size ? static_cast<curl_off_t>(*transfer_->upload_size)
                                                : kUnknown);
        curl_easy_setopt(easy, CURLOPT_READFUNCTION, on_upload);
        curl_easy_setopt(easy, CURLOPT_READDATA, transfer_.get());
        curl_easy_setopt(easy, CURLOPT_SEEKFUNCTION, on_seek);
        curl_easy_setopt(easy, CURLOPT_SEEKDATA, transfer_.get());
    } else if (method == "POST" || method == "PUT" || method == "PATCH") {
        curl_easy_setopt(
            easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(transfer_->body.size()));
        curl_easy_setopt(
            easy, CURLOPT_POSTFIELDS, transfer_->body.empty() ? "" : transfer_->body.data());
    } else if (method == "HEAD") {
        curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
        return;
    } else {
        curl_easy_setopt(easy, CURLOPT_HTTPGET, 1L);
    }
    curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, method.c_str());
}

} // namespace bulla::http
