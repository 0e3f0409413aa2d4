// SPDX-License-Identifier: Apache-2.0
#include "cli/common/interrupts.hpp"

#include "base/io/file.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/time.h>
#include <termios.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstring>
#include <map>
#include <mutex>
#include <string_view>
#include <thread>

namespace bulla::cli::interrupts {

namespace {

// Everything a handler touches is a lock-free atomic or a system call: it may neither allocate nor
// lock.
std::atomic<int> ending_signal{0}; // SIGALRM stands for the deadline
std::atomic<int> wake_pipe{-1};    // write end; -1 without a hook thread
std::atomic<const termios*> terminal{nullptr};
std::atomic<bool> bars_shown{false};
std::atomic<const char*> deadline_message{nullptr};
static_assert(std::atomic<int>::is_always_lock_free);
static_assert(std::atomic<const termios*>::is_always_lock_free);

std::mutex hooks_mutex;

std::map<std::size_t, std::function<void()>>& hooks() {
    // Never destroyed: the hook thread may still run while main's statics go.
    static auto* const all = new std::map<std::size_t, std::function<void()>>;
    return *all;
}

void write_quietly(int fd, std::string_view text) {
    if (::write(fd, text.data(), text.size()) < 0) {
        return; // nobody to tell while ending
    }
}

void clean_up() {
    remove_temporary_files();
    if (const termios* const settings = terminal.exchange(nullptr)) {
        const int tty = ::open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
        ::tcsetattr(tty >= 0 ? tty : STDIN_FILENO, TCSANOW, settings);
        write_quietly(STDERR_FILENO, "\n");
    }
    if (bars_shown.exchange(false)) {
        write_quietly(STDERR_FILENO, "\r\x1b[J");
    }
}

[[noreturn]] void end_process(int signal) {
    clean_up();
    if (signal == SIGALRM) {
        ::_exit(4);
    }
    if (signal == SIGHUP) {
        ::signal(SIGHUP, SIG_DFL);
        sigset_t only{};
        sigemptyset(&only);
        sigaddset(&only, SIGHUP);
        ::raise(SIGHUP);
        ::pthread_sigmask(SIG_UNBLOCK, &only, nullptr);
    }
    ::_exit(signal == SIGTERM ? 143 : 130);
}

void on_signal(int signal) {
    const int saved = errno;
    int none = 0;
    if (!ending_signal.compare_exchange_strong(none, signal)) {
        end_process(none); // a second signal, or the hooks' time is over
    }
    if (signal == SIGALRM) {
        if (const char* const message = deadline_message.load()) {
            write_quietly(STDERR_FILENO, message);
        }
    }
    const int pipe = wake_pipe.load();
    if (pipe < 0) {
        end_process(signal);
    }
    clean_up();
    constexpr itimerval kHooks{{0, 0}, {kHookTime.count(), 0}};
    ::setitimer(ITIMER_REAL, &kHooks, nullptr);
    write_quietly(pipe, "!");
    errno = saved;
}

void run_hooks(int read_end) {
    char byte = 0;
    while (::read(read_end, &byte, 1) < 0 && errno == EINTR) {
    }
    {
        const std::lock_guard lock(hooks_mutex);
        for (const auto& [id, action] : hooks()) {
            action();
        }
    }
    end_process(ending_signal.load());
}

/// Called with hooks_mutex held.
void start_hook_thread() {
    int ends[2] = {-1, -1};
    if (wake_pipe.load() >= 0 || ::pipe2(ends, O_CLOEXEC) != 0) {
        return; // without a pipe an interruption ends the process without hooks
    }
    std::thread([read_end = ends[0]] {
        try {
            run_hooks(read_end);
        } catch (...) {
            end_process(ending_signal.load());
        }
    }).detach();
    wake_pipe.store(ends[1]);
}

void catch_signal(int signal) {
    struct sigaction current{};
    ::sigaction(signal, nullptr, &current);
    if (current.sa_handler == SIG_IGN) {
        return;
    }
    struct sigaction action{};
    action.sa_handler = on_signal;
    action.sa_flags = SA_RESTART;
    sigemptyset(&action.sa_mask);
    ::sigaction(signal, &action, nullptr);
}

} // namespace

void install() {
    ::signal(SIGPIPE, SIG_IGN);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
        catch_signal(signal);
    }
    ::signal(SIGALRM,
             SIG_DFL); // a parent's "ignore" would make --timeout and the hooks' limit void
    catch_signal(SIGALRM);
}

void set_deadline(std::chrono::milliseconds time, const std::string& message) {
    deadline_message.store(::strdup(message.c_str())); // lives as long as the process
    itimerval timer{};
    timer.it_value.tv_sec = static_cast<time_t>(time.count() / 1000);
    timer.it_value.tv_usec = static_cast<suseconds_t>(time.count() % 1000 * 1000);
    ::setitimer(ITIMER_REAL, &timer, nullptr);
}

bool pending() {
    return ending_signal.load() != 0;
}

void wait_if_pending() {
    while (pending()) {
        ::pause();
    }
}

Hook::Hook(std::function<void()> action) {
    static std::size_t next = 0;
    const std::lock_guard lock(hooks_mutex);
    id_ = next++;
    hooks().emplace(id_, std::move(action));
    start_hook_thread();
}

Hook::~Hook() {
    const std::lock_guard lock(hooks_mutex);
    hooks().erase(id_);
}

void restore_on_exit(const termios* settings) {
    terminal.store(settings);
}

void clear_bars_on_exit(bool shown) {
    bars_shown.store(shown);
}

} // namespace bulla::cli::interrupts
