// SPDX-License-Identifier: Apache-2.0
#include "base/http/exchange.hpp"

#include "base/core/text.hpp"

#include <algorithm>
#include <array>
#include <cstring>

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
    const bool there = until ? transfer_->changed.wait_until(lock, patience_.stop, *until, ready)
                             : transfer_->changed.wait(lock, patience_.stop, ready);
    if (there) {
        return ok();
    }
    BULLA_TRY(interrupted());
    return Error{ErrorCode::unavailable,
                 text::printable(transfer_->host) + " did not answer in time"};
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
    std::uint64_t left = transfer_->upload_size;
    while (left > 0) {
        const std::size_t wanted = static_cast<std::size_t>(std::min<std::uint64_t>(left, kBlock));
        BULLA_TRY_ASSIGN(const std::size_t count, body.read(std::span(block.get(), wanted)));
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
    return ok();
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
    std::optional<Deadline> limit;
    if (head_limit) {
        limit = steady_clock::now() + *head_limit;
    }
    std::unique_lock lock(transfer_->mutex);
    BULLA_TRY(wait(lock, [&] { return transfer_->has_news(); }, limit));
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
    return transfer_->failure.has_value() && transfer_->repeatable_failure;
}

} // namespace bulla::http
