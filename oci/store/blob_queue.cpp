// SPDX-License-Identifier: Apache-2.0
#include "oci/store/blob_queue.hpp"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <optional>
#include <thread>

namespace bulla::oci {

namespace {

/// Tells a progress task about the bytes that pass.
class WatchedReader final : public Reader {
  public:
    WatchedReader(std::unique_ptr<Reader> inner, ProgressTask& task)
        : inner_(std::move(inner)), task_(task) {}

    Result<std::size_t> read(std::span<char> into) override {
        auto count = inner_->read(into);
        if (count) {
            task_.advance(*count);
        }
        return count;
    }

  private:
    std::unique_ptr<Reader> inner_;
    ProgressTask& task_;
};

class Queue {
  public:
    Queue(BlobSource& from,
          BlobSink& to,
          const std::vector<Descriptor>& blobs,
          ProgressSink& progress)
        : from_(from), to_(to), blobs_(blobs), progress_(progress) {}

    void work() noexcept {
        try {
            take_turns();
        } catch (const std::exception& failure) { // std::bad_alloc; nothing may leave a thread
            fail(Error{ErrorCode::internal, failure.what()});
        }
    }

    void take_turns() {
        while (!failed_) {
            const std::size_t number = next_++;
            if (number >= blobs_.size()) {
                return;
            }
            auto status = copy(number);
            if (!status) {
                fail(std::move(status.error()));
            }
        }
    }

    void fail(Error error) {
        const std::lock_guard lock(mutex_);
        if (!failure_) {
            failure_ = std::move(error);
        }
        failed_ = true;
    }

    Result<BlobTotals> outcome() {
        if (failure_) {
            return std::move(*failure_);
        }
        return totals_;
    }

  private:
    Status copy(std::size_t number) {
        const Descriptor& blob = blobs_[number];
        BULLA_TRY_ASSIGN(const bool there, to_.has_blob(blob));
        if (there) {
            const std::lock_guard lock(mutex_);
            ++totals_.there;
            return ok();
        }
        if (to_.mount_blob(blob, from_)) {
            const std::lock_guard lock(mutex_);
            ++totals_.mounted;
            return ok();
        }
        const auto task = progress_.begin("blob " + std::to_string(number + 1) + "/" +
                                              std::to_string(blobs_.size()) + " " +
                                              blob.digest.to_string().substr(0, 19),
                                          blob.size);
        BULLA_TRY_ASSIGN(std::unique_ptr<Reader> stream, from_.open_blob(blob));
        WatchedReader watched(std::move(stream), *task);
        BULLA_TRY(to_.put_blob(blob, watched));
        const std::lock_guard lock(mutex_);
        ++totals_.sent;
        totals_.bytes += blob.size;
        return ok();
    }

    BlobSource& from_;
    BlobSink& to_;
    const std::vector<Descriptor>& blobs_;
    ProgressSink& progress_;
    std::atomic<std::size_t> next_ = 0;
    std::atomic<bool> failed_ = false;
    std::mutex mutex_;
    std::optional<Error> failure_;
    BlobTotals totals_;
};

} // namespace

Result<BlobTotals> copy_blobs(BlobSource& from,
                              BlobSink& to,
                              const std::vector<Descriptor>& blobs,
                              std::size_t jobs,
                              ProgressSink& progress) {
    Queue queue(from, to, blobs, progress);
    {
        std::vector<std::jthread> others;
        try {
            for (std::size_t i = 1; i < std::min(jobs, blobs.size()); ++i) {
                others.emplace_back([&queue] { queue.work(); });
            }
        } catch (const std::system_error&) {
            // No more threads to be had: those there are do the work.
        }
        queue.work();
    }
    return queue.outcome();
}

} // namespace bulla::oci
