// SPDX-License-Identifier: Apache-2.0
#include "oci/store/registry_upload.hpp"

#include "base/core/text.hpp"
#include "oci/store/borrowed_reader.hpp"

#include <algorithm>
#include <condition_variable>
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
/// How long an interruption waits for the names of sessions that are being opened.
constexpr std::chrono::milliseconds kNamingTime{1200};

/// One upload from before its session is asked for until it ended; the location is empty while the
/// registry has not named it.
struct OpenUpload {
    RegistrySession* session;
    std::string location;
};

/// All uploads of this process, for abort_uploads.
struct Uploads {
    std::mutex mutex;
    std::condition_variable changed;
    std::list<OpenUpload> open;
    bool aborting = false;
    bool aborted = false; ///< abort_uploads is through with the list
};

Uploads uploads; // NOLINT: process-wide, as an interruption is

Error interrupted() {
    return Error{ErrorCode::cancelled, "the upload was interrupted"};
}

/// Lists an upload while it is on its way, and cancels it unless it was completed. Once
/// abort_uploads runs, cancelling is its business: the process may end at any moment, and only that
/// thread is waited for.
class UploadGuard {
  public:
    explicit UploadGuard(RegistrySession& session) {
        const std::lock_guard lock(uploads.mutex);
        entry_ = uploads.open.insert(uploads.open.end(), {&session, {}});
    }

    UploadGuard(const UploadGuard&) = delete;
    UploadGuard& operator=(const UploadGuard&) = delete;

    ~UploadGuard() {
        if (!entry_->location.empty() && !completed_ && !aborting()) {
            http::Request request;
            request.method = "DELETE";
            request.url = entry_->location;
            request.timeout = kAbortTime;
            // Best effort: registries collect what is left over by themselves.
            static_cast<void>(entry_->session->send(std::move(request), Access::push));
        }
        std::unique_lock lock(uploads.mutex);
        if (uploads.aborting && !entry_->location.empty() && !completed_) {
            // abort_uploads may be about to read the list: an upload that leaves now is never
            // cancelled.
            uploads.changed.wait_for(lock, kAbortTime, [] { return uploads.aborted; });
        }
        uploads.open.erase(entry_);
        uploads.changed.notify_all();
    }

    /// To be asked before a session is requested: after an interruption none is opened any more.
    static Status may_begin() { return aborting() ? Status(interrupted()) : ok(); }

    /// The registry named the session. After an interruption nothing is sent to it.
    Status opened(std::string location) {
        const std::lock_guard lock(uploads.mutex);
        entry_->location = std::move(location);
        uploads.changed.notify_all();
        return uploads.aborting ? Status(interrupted()) : ok();
    }

    void complete() { completed_ = true; }

  private:
    static bool aborting() {
        const std::lock_guard lock(uploads.mutex);
        return uploads.aborting;
    }

    std::list<OpenUpload>::iterator entry_;
    bool completed_ = false;
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
    UploadGuard guard(session);
    BULLA_TRY(UploadGuard::may_begin());
    BULLA_TRY_ASSIGN(const http::Response started, start_upload(session));
    if (started.status != 202) {
        return session.error(started, what);
    }
    BULLA_TRY_ASSIGN(std::string location, upload_url(started));
    BULLA_TRY(guard.opened(location));
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
    std::unique_lock lock(uploads.mutex);
    uploads.aborting = true;
    // A session that was asked for just now can be cancelled only when its name is known.
    uploads.changed.wait_for(lock, kNamingTime, [] {
        return std::ranges::none_of(
            uploads.open, [](const OpenUpload& upload) { return upload.location.empty(); });
    });
    for (const OpenUpload& upload : uploads.open) {
        if (upload.location.empty()) {
            continue;
        }
        auto authorization = upload.session->authorization_for(upload.location);
        http::Request request;
        request.method = "DELETE";
        request.url = upload.location;
        request.timeout = kAbortTime;
        request.authorization = std::move(authorization);
        static_cast<void>(client.send(request));
    }
    uploads.aborted = true;
    uploads.changed.notify_all();
}

} // namespace bulla::oci
