// SPDX-License-Identifier: Apache-2.0
#include "base/http/exchange.hpp"

#include "base/core/text.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>

namespace bulla::http {

using std::chrono::steady_clock;

Exchange::~Exchange() {
    if (transfer_ != nullptr) {
        network_->abandon(transfer_);
    }
}

Status Exchange::interrupted() const {
    if (patience_.stop.stop_requested()) {
        return Error{ErrorCode::cancelled, "interrupted"};
    }
    if (patience_.deadline && steady_clock::now() >= *patience_.deadline) {
        return Error{ErrorCode::unavailable, "the time given for everything ran out"}.with_hint(
            "allow more with --timeout");
    }
    return ok();
}

template <class Ready>
Status
Exchange::wait(std::unique_lock<std::mutex>& lock, Ready ready, std::optional<Deadline> limit) {
    std::optional<Deadline> until = patience_.deadline;
    if (limit && (!until || *limit < *until)) {
        until = limit;
    }
    const auto noticed = steady_clock::now() + patience_.notice_after;
    if (patience_.notice && (!until || noticed < *until)) {
        if (transfer_->changed.wait_until(lock, patience_.stop, noticed, ready)) {
            return ok();
        }
        BULLA_TRY(interrupted());
        lock.unlock(); // whoever is told may take his time
        patience_.notice(transfer_->peer);
        lock.lock();
    }
    const bool there = until ? transfer_->changed.wait_until(lock, patience_.stop, *until, ready)
                             : transfer_->changed.wait(lock, patience_.stop, ready);
    return there ? ok() : interrupted();
}

Error Exchange::silence(std::chrono::milliseconds limit) {
    silent_ = true;
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(limit);
    return Error{ErrorCode::unavailable,
                 text::printable(transfer_->peer) + " did not answer within " +
                     std::to_string(seconds.count()) + " s"};
}

Status Exchange::offer(ByteView bytes) {
    bool wake = false;
    {
        std::unique_lock lock(transfer_->mutex);
        BULLA_TRY(wait(lock, [&] {
            return transfer_->finished || transfer_->head_complete ||
                   transfer_->upload.size() - transfer_->upload_start < kWindowBytes;
        }));
        if (transfer_->finished || transfer_->head_complete) {
            return ok(); // the server has made up its mind without the rest
        }
        transfer_->upload.append(bytes);
        wake = std::exchange(transfer_->upload_paused, false);
    }
    if (wake) {
        network_->resume(transfer_);
    }
    return ok();
}

Status Exchange::pump(Reader& body) {
    constexpr std::size_t kBlock = 128 * 1024;
    const auto block = std::make_unique<char[]>(kBlock);
    constexpr auto kNoEnd = std::numeric_limits<std::uint64_t>::max();
    std::uint64_t left = transfer_->upload_size.value_or(kNoEnd);
    while (left > 0) {
        const std::size_t wanted = static_cast<std::size_t>(std::min<std::uint64_t>(left, kBlock));
        BULLA_TRY_ASSIGN(const std::size_t count, body.read(std::span(block.get(), wanted)));
        if (count == 0 && !transfer_->upload_size) {
            break;
        }
        if (count == 0) {
            return Error{ErrorCode::integrity,
                         "what was to be sent to " + text::printable(transfer_->host) + " ended " +
                             std::to_string(left) + " bytes early"};
        }
        BULLA_TRY(offer(ByteView(block.get(), count)));
        left -= count;
        const std::lock_guard lock(transfer_->mutex);
        if (transfer_->finished || transfer_->head_complete) {
            break;
        }
    }
    complete_upload();
    return ok();
}

void Exchange::complete_upload() {
    bool wake = false;
    {
        const std::lock_guard lock(transfer_->mutex);
        transfer_->upload_complete = true;
        wake = std::exchange(transfer_->upload_paused, false);
    }
    if (wake) {
        network_->resume(transfer_);
    }
}

/// Returns when there is something to do, or a head, of which a caller who wants the whole body is
/// not told. The limit runs from when the request was sent: time in the queue for a connection is
/// not the server's silence.
Status Exchange::wait_for_head(std::unique_lock<std::mutex>& lock,
                               std::optional<std::chrono::milliseconds> limit) {
    if (!limit) {
        return ok();
    }
    const auto answered = [&] { return transfer_->has_news() || transfer_->head_complete; };
    Deadline until = steady_clock::now() + *limit;
    while (true) {
        BULLA_TRY(wait(lock, answered, until));
        if (answered()) {
            return ok();
        }
        until = transfer_->sent.value_or(steady_clock::now()) + *limit;
        if (until <= steady_clock::now()) {
            return silence(*limit);
        }
    }
}

Status Exchange::begin(std::shared_ptr<Transfer> transfer,
                       Reader* body,
                       std::optional<std::chrono::milliseconds> head_limit) {
    BULLA_TRY(interrupted());
    transfer_ = std::move(transfer);
    if (auto started = network_->start(transfer_); !started) {
        transfer_.reset();
        return started;
    }
    if (body != nullptr) {
        BULLA_TRY(pump(*body));
    }
    std::unique_lock lock(transfer_->mutex);
    BULLA_TRY(wait_for_head(lock, head_limit));
    BULLA_TRY(wait(lock, [&] { return transfer_->has_news(); }));
    if (transfer_->failure && !transfer_->head_complete) {
        return *transfer_->failure;
    }
    return ok();
}

Response Exchange::head() const {
    const std::lock_guard lock(transfer_->mutex);
    Response out;
    out.status = transfer_->status;
    out.headers = transfer_->response_headers;
    out.final_url = transfer_->url;
    return out;
}

Result<std::size_t> Exchange::read(std::span<char> into) {
    std::size_t count = 0;
    bool wake = false;
    {
        std::unique_lock lock(transfer_->mutex);
        const auto waiting = [&] { return transfer_->download.size() - transfer_->download_start; };
        BULLA_TRY(wait(lock, [&] { return transfer_->finished || waiting() > 0; }));
        if (waiting() == 0) {
            if (transfer_->failure) {
                return *transfer_->failure;
            }
            return std::size_t{0};
        }
        count = std::min(into.size(), waiting());
        std::memcpy(into.data(), transfer_->download.data() + transfer_->download_start, count);
        transfer_->download_start += count;
        if (waiting() == 0) {
            transfer_->download.clear();
            transfer_->download_start = 0;
        }
        wake = waiting() <= kWindowBytes / 2 && std::exchange(transfer_->download_paused, false);
    }
    if (wake) {
        network_->resume(transfer_);
    }
    return count;
}

void Exchange::drain() {
    // Long bodies, and bodies that announce more than they send, are not worth a connection.
    constexpr std::size_t kWorth = 16 * 1024;
    constexpr std::chrono::milliseconds kWait{100};
    std::unique_lock lock(transfer_->mutex);
    transfer_->changed.wait_until(lock, patience_.stop, steady_clock::now() + kWait, [&] {
        return transfer_->finished || transfer_->download.size() > kWorth;
    });
}

bool Exchange::failure_is_repeatable() const {
    if (transfer_ == nullptr) {
        return false;
    }
    const std::lock_guard lock(transfer_->mutex);
    return silent_ || (transfer_->failure.has_value() && transfer_->repeatable_failure);
}

bool Exchange::failure_is_silence() const {
    if (transfer_ == nullptr) {
        return false;
    }
    const std::lock_guard lock(transfer_->mutex);
    return silent_ || (transfer_->failure.has_value() && transfer_->silent_failure);
}

} // namespace bulla::http
