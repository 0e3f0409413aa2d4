// SPDX-License-Identifier: Apache-2.0
#include "oci/store/registry_upload.hpp"

#include "base/core/text.hpp"

#include <algorithm>
#include <cstring>
#include <list>
#include <mutex>

namespace bulla::oci {

namespace {

/// Read and verified before anything is sent, so that the request can be repeated. Signatures,
/// documents and configurations are below this.
constexpr std::uint64_t kInMemoryBytes = 4 * limits::kMiB;
/// What the registry needs to answer a cancellation; nobody waits longer for a courtesy.
constexpr std::chrono::seconds kAbortTime{3};

/// The sessions that are open, for abort_uploads.
struct OpenUpload {
    RegistrySession* session;
    std::string location;
};

std::mutex open_uploads_mutex;
std::list<OpenUpload> open_uploads; // NOLINT: process-wide, as an interruption is

/// Lists an upload while it is on its way, and cancels it unless it was completed.
class UploadGuard {
  public:
    UploadGuard(RegistrySession& session, std::string location) {
        const std::lock_guard lock(open_uploads_mutex);
        entry_ = open_uploads.insert(open_uploads.end(), {&session, std::move(location)});
    }

    UploadGuard(const UploadGuard&) = delete;
    UploadGuard& operator=(const UploadGuard&) = delete;

    ~UploadGuard() {
        if (!completed_) {
            http::Request request;
            request.method = "DELETE";
            request.url = entry_->location;
            request.timeout = kAbortTime;
            // Best effort: registries collect what is left over by themselves.
            static_cast<void>(entry_->session->send(std::move(request), Access::push));
        }
        const std::lock_guard lock(open_uploads_mutex);
        open_uploads.erase(entry_);
    }

    void complete() { completed_ = true; }

  private:
    std::list<OpenUpload>::iterator entry_;
    bool completed_ = false;
};

class BorrowedReader final : public Reader {
  public:
    explicit BorrowedReader(Reader& inner) : inner_(inner) {}

    Result<std::size_t> read(std::span<char> into) override { return inner_.read(into); }

  private:
    Reader& inner_;
};

/// Stays one block behind: the last block is handed out only after the inner reader's verdict.
class LaggingReader final : public Reader {
  public:
    explicit LaggingReader(Reader& inner) : inner_(inner) {}

    Result<std::size_t> read(std::span<char> into) override {
        if (at_ == ready_.size()) {
            BULLA_TRY(advance());
        }
        const std::size_t count = std::min(into.size(), ready_.size() - at_);
        std::memcpy(into.data(), ready_.data() + at_, count);
        at_ += count;
        return count;
    }

  private:
    Status advance() {
        if (!started_) {
            started_ = true;
            BULLA_TRY(fill(next_));
        }
        ready_.swap(next_);
        at_ = 0;
        return ready_.empty() ? ok() : fill(next_);
    }

    Status fill(Bytes& block) {
        constexpr std::size_t kBlock = 128 * 1024;
        block.resize(kBlock);
        BULLA_TRY_ASSIGN(const std::size_t count, inner_.read(std::span(block)));
        block.resize(count);
        return ok();
    }

    Reader& inner_;
    Bytes ready_;
    Bytes next_;
    std::size_t at_ = 0;
    bool started_ = false;
};

/// Where the content goes: the Location of the answer, with the digest added and everything else
/// in its query kept byte for byte (registries sign it).
Result<std::string> upload_url(const http::Response& response) {
    const auto location = response.header("Location");
    if (!location) {
        return Error{ErrorCode::unavailable,
                     "the registry starts an upload and does not say where"};
    }
    auto url = http::resolve(response.final_url, *location);
    if (!url) {
        return Error{ErrorCode::unavailable,
                     "the registry wants the upload at an unusable place: " + url.error().message};
    }
    BULLA_TRY_ASSIGN(const http::Url from, http::parse_url(response.final_url));
    BULLA_TRY_ASSIGN(const http::Url to, http::parse_url(*url));
    BULLA_TRY(http::check_hop(from, to));
    return url;
}

std::string with_digest(std::string url, const Digest& digest) {
    url += url.find('?') == std::string::npos ? '?' : '&';
    return url + "digest=" + std::string(bulla::to_string(digest.algorithm())) + "%3A" +
           digest.hex();
}

Result<http::Response> start_upload(RegistrySession& session) {
    http::Request request;
    request.method = "POST";
    BULLA_TRY_ASSIGN(request.url, session.url("blobs/uploads/"));
    return session.send(std::move(request), Access::push);
}

} // namespace

Status upload_blob(RegistrySession& session, const Descriptor& blob, Reader& content) {
    const std::string what = "the upload of " + blob.digest.to_string();
    VerifyingReader verifying(std::make_unique<BorrowedReader>(content), blob);
    http::Request request;
    request.method = "PUT";
    request.headers = {{"Content-Type", "application/octet-stream"}};
    if (blob.size <= kInMemoryBytes) {
        BULLA_TRY_ASSIGN(request.body_bytes, read_all(verifying, kInMemoryBytes, what));
    }
    BULLA_TRY_ASSIGN(const http::Response started, start_upload(session));
    if (started.status != 202) {
        return session.error(started, what);
    }
    BULLA_TRY_ASSIGN(std::string location, upload_url(started));
    UploadGuard guard(session, location);
    request.url = with_digest(std::move(location), blob.digest);
    LaggingReader lagging(verifying);
    if (blob.size > kInMemoryBytes) {
        request.body = &lagging;
        request.body_size = blob.size;
    }
    BULLA_TRY_ASSIGN(const http::Response done, session.send(std::move(request), Access::push));
    if (done.status != 201 && done.status != 204) {
        return session.error(done, what);
    }
    guard.complete();
    return ok();
}

void abort_uploads(http::HttpClient& client) {
    const std::lock_guard lock(open_uploads_mutex);
    for (const OpenUpload& upload : open_uploads) {
        auto authorization = upload.session->authorization_for(upload.location);
        http::Request request;
        request.method = "DELETE";
        request.url = upload.location;
        request.timeout = kAbortTime;
        request.authorization = std::move(authorization);
        static_cast<void>(client.send(request));
    }
}

} // namespace bulla::oci
