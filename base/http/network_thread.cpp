// SPDX-License-Identifier: Apache-2.0
#include "base/http/network_thread.hpp"

#include "base/core/text.hpp"
#include "base/http/curl_error.hpp"
#include "base/http/easy_handle.hpp"

#include <curl/curl.h>

#include <csignal>
#include <unordered_map>
#include <utility>

namespace bulla::http {

struct NetworkThread::Loop {
    struct Order {
        enum class Kind : std::uint8_t { start, resume, abandon } kind;
        std::shared_ptr<Transfer> transfer;
    };

    CURLM* multi = nullptr;
    std::mutex mutex{};
    std::vector<Order> orders{}; ///< guarded by mutex, as is `stopping`
    bool stopping = false;
    std::unordered_map<const Transfer*, EasyHandle> active{}; ///< of the network thread alone
    std::thread thread{};

    void give(Order order) {
        {
            const std::lock_guard lock(mutex);
            orders.push_back(std::move(order));
        }
        curl_multi_wakeup(multi);
    }

    void run();
    bool take_orders();
    void begin(const std::shared_ptr<Transfer>& transfer);
    void end(const Transfer& transfer, std::optional<CURLcode> result);
    void collect_finished();
};

namespace {

struct Failure {
    Error error;
    bool repeatable = false;
    bool silent = false;
};

void finish(Transfer& transfer, std::optional<Failure> failure) {
    {
        const std::lock_guard lock(transfer.mutex);
        transfer.finished = true;
        if (failure && !transfer.failure) {
            transfer.failure = std::move(failure->error);
            transfer.repeatable_failure = failure->repeatable;
            transfer.silent_failure = failure->silent;
        }
    }
    transfer.changed.notify_all();
}

} // namespace

void NetworkThread::Loop::begin(const std::shared_ptr<Transfer>& transfer) {
    EasyHandle handle = EasyHandle::make(transfer);
    if (handle.easy() == nullptr || curl_multi_add_handle(multi, handle.easy()) != CURLM_OK) {
        finish(*transfer, Failure{{ErrorCode::internal, "the HTTP library refused a request"}});
        return;
    }
    active.emplace(transfer.get(), std::move(handle));
}

void NetworkThread::Loop::end(const Transfer& transfer, std::optional<CURLcode> result) {
    const auto found = active.find(&transfer);
    if (found == active.end()) {
        return;
    }
    EasyHandle handle = std::move(found->second);
    active.erase(found);
    curl_multi_remove_handle(multi, handle.easy());
    std::optional<Failure> failure;
    if (!result) {
        failure = Failure{{ErrorCode::cancelled, "the exchange was given up"}};
    } else if (*result != CURLE_OK) {
        failure = Failure{explain_failure(*result, transfer.peer, handle.detail()),
                          may_succeed_later(*result, transfer.host),
                          *result == CURLE_OPERATION_TIMEDOUT};
    }
    finish(handle.transfer(), std::move(failure));
}

bool NetworkThread::Loop::take_orders() {
    std::vector<Order> taken;
    {
        const std::lock_guard lock(mutex);
        if (stopping) {
            return false;
        }
        taken.swap(orders);
    }
    for (const Order& order : taken) {
        if (order.kind == Order::Kind::start) {
            begin(order.transfer);
        } else if (order.kind == Order::Kind::abandon) {
            end(*order.transfer, std::nullopt);
        } else if (const auto found = active.find(order.transfer.get()); found != active.end()) {
            curl_easy_pause(found->second.easy(), CURLPAUSE_CONT);
        }
    }
    return true;
}

void NetworkThread::Loop::collect_finished() {
    int left = 0;
    while (const CURLMsg* const message = curl_multi_info_read(multi, &left)) {
        if (message->msg != CURLMSG_DONE) {
            continue;
        }
        const CURLcode result = message->data.result;
        char* transfer = nullptr;
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &transfer);
        end(*reinterpret_cast<Transfer*>(transfer),
            result); // NOLINT: what CURLOPT_PRIVATE was given
    }
}

void NetworkThread::Loop::run() {
    constexpr int kPollMilliseconds = 1000;
    while (take_orders()) {
        int running = 0;
        curl_multi_perform(multi, &running);
        collect_finished();
        curl_multi_poll(multi, nullptr, 0, kPollMilliseconds, nullptr);
    }
    while (!active.empty()) {
        end(*active.begin()->first, std::nullopt);
    }
}

NetworkThread::NetworkThread() = default;

NetworkThread::~NetworkThread() {
    if (loop_ == nullptr) {
        return;
    }
    {
        const std::lock_guard lock(loop_->mutex);
        loop_->stopping = true;
    }
    curl_multi_wakeup(loop_->multi);
    if (loop_->thread.joinable()) {
        loop_->thread.join();
    }
    curl_multi_cleanup(loop_->multi);
}

Status NetworkThread::start(const std::shared_ptr<Transfer>& transfer) {
    std::call_once(started_, [this] {
        static std::once_flag initialised;
        std::call_once(initialised, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
        auto loop = std::make_unique<Loop>();
        loop->multi = curl_multi_init();
        if (loop->multi == nullptr) {
            return;
        }
        curl_multi_setopt(loop->multi, CURLMOPT_MAX_HOST_CONNECTIONS, 8L);
        curl_multi_setopt(loop->multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, 32L);
        curl_multi_setopt(loop->multi, CURLMOPT_MAXCONNECTS, 16L);
        // Signals belong to the threads that know what to do with them; a write to a closed socket
        // is an error code here.
        sigset_t all;
        sigset_t before;
        sigfillset(&all);
        pthread_sigmask(SIG_SETMASK, &all, &before);
        loop->thread = std::thread([raw = loop.get()] { raw->run(); });
        pthread_sigmask(SIG_SETMASK, &before, nullptr);
        loop_ = std::move(loop);
    });
    if (loop_ == nullptr) {
        return Error{ErrorCode::internal, "the HTTP library cannot be started"};
    }
    loop_->give({Loop::Order::Kind::start, transfer});
    return ok();
}

void NetworkThread::resume(const std::shared_ptr<Transfer>& transfer) {
    loop_->give({Loop::Order::Kind::resume, transfer});
}

void NetworkThread::abandon(const std::shared_ptr<Transfer>& transfer) {
    {
        const std::lock_guard lock(transfer->mutex);
        transfer->abandoned = true;
        if (transfer->finished) {
            return;
        }
    }
    loop_->give({Loop::Order::Kind::abandon, transfer});
    std::unique_lock lock(transfer->mutex);
    transfer->changed.wait(lock, [&] { return transfer->finished; });
}

} // namespace bulla::http
