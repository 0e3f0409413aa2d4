// SPDX-License-Identifier: Apache-2.0
#include "oci/store/open_uploads.hpp"

#include <algorithm>
#include <condition_variable>
#include <mutex>

namespace bulla::oci {

namespace {

/// What the registry needs to answer a cancellation; nobody waits longer for a courtesy.
constexpr std::chrono::seconds kAbortTime{3};
/// How long an interruption waits for the names of sessions that are being opened, and for the
/// answers to content that is being sent.
constexpr std::chrono::milliseconds kSettleTime{1200};

http::Request cancellation(std::string location) {
    http::Request request;
    request.method = "DELETE";
    request.url = std::move(location);
    request.timeout = kAbortTime;
    request.silence = http::Request::Silence::give_up;
    return request;
}

} // namespace

struct OpenUpload::Entry {
    RegistrySession* session;
    std::string location{}; ///< empty while the registry has not named it
    bool sending = false;
    bool completed = false;

    bool unsettled() const { return location.empty() || sending; }
};

/// All uploads of this process, for abort_uploads.
struct OpenUpload::All {
    std::mutex mutex;
    std::condition_variable changed;
    std::list<Entry> open;
    bool aborting = false;
    bool aborted = false; ///< abort_uploads is through with the list
};

OpenUpload::All& OpenUpload::all() {
    static All uploads; // process-wide, as an interruption is
    return uploads;
}

OpenUpload::OpenUpload(RegistrySession& session) {
    const std::lock_guard lock(all().mutex);
    entry_ = all().open.insert(all().open.end(), Entry{&session});
}

OpenUpload::~OpenUpload() {
    const auto must_cancel = [this] { return !entry_->location.empty() && !entry_->completed; };
    std::unique_lock lock(all().mutex);
    entry_->sending = false;
    all().changed.notify_all();
    if (must_cancel() && !all().aborting) {
        http::Request request = cancellation(entry_->location);
        lock.unlock();
        // Best effort: registries collect what is left over by themselves.
        static_cast<void>(entry_->session->send(std::move(request), Access::push));
        lock.lock();
    }
    if (must_cancel() && all().aborting) {
        // abort_uploads may be about to read the list: an upload that leaves now is never
        // cancelled.
        all().changed.wait_for(lock, kAbortTime, [] { return all().aborted; });
    }
    all().open.erase(entry_);
    all().changed.notify_all();
}

Status OpenUpload::may_go_on() {
    const std::lock_guard lock(all().mutex);
    return all().aborting ? Status(Error{ErrorCode::cancelled, "the upload was interrupted"})
                          : ok();
}

Status OpenUpload::named(std::string location) {
    {
        const std::lock_guard lock(all().mutex);
        entry_->location = std::move(location);
        entry_->sending = false;
    }
    all().changed.notify_all();
    return may_go_on();
}

const std::string& OpenUpload::location() const {
    return entry_->location; // written by this upload's thread alone
}

void OpenUpload::sending() {
    const std::lock_guard lock(all().mutex);
    entry_->sending = true;
}

void OpenUpload::complete() {
    const std::lock_guard lock(all().mutex);
    entry_->completed = true;
}

void abort_uploads(http::HttpClient& client) {
    auto& uploads = OpenUpload::all();
    std::unique_lock lock(uploads.mutex);
    uploads.aborting = true;
    // A session that was asked for just now can be cancelled only when its name is known.
    uploads.changed.wait_for(lock, kSettleTime, [&] {
        return std::ranges::none_of(uploads.open, &OpenUpload::Entry::unsettled);
    });
    for (const auto& upload : uploads.open) {
        if (upload.location.empty() || upload.completed) {
            continue;
        }
        http::Request request = cancellation(upload.location);
        request.authorization = upload.session->authorization_for(upload.location);
        static_cast<void>(client.send(request));
    }
    uploads.aborted = true;
    uploads.changed.notify_all();
}

} // namespace bulla::oci
