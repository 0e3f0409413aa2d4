// SPDX-License-Identifier: Apache-2.0
#include "cli/bulla/child_program.hpp"

#include "base/core/limits.hpp"
#include "base/core/text.hpp"
#include "base/io/file.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>

extern char** environ; // NOLINT(readability-redundant-declaration): POSIX leaves it to us

namespace bulla::cli {

namespace {

using std::chrono::steady_clock;

struct Pipe {
    FileDescriptor reading;
    FileDescriptor writing;
};

Result<Pipe> make_pipe() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
        return Error{ErrorCode::io, "cannot make a pipe"};
    }
    return Pipe{FileDescriptor(ends[0]), FileDescriptor(ends[1])};
}

/// A running program; ended and waited for in any case.
class Child {
  public:
    explicit Child(pid_t pid) : pid_(pid) {}

    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;

    ~Child() {
        if (pid_ > 0) {
            ::kill(pid_, SIGKILL);
            wait();
        }
    }

    int wait() {
        int status = 0;
        while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
        }
        pid_ = -1;
        return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    }

  private:
    pid_t pid_;
};

Result<pid_t> start(const std::string& path,
                    const std::vector<std::string>& arguments,
                    const Pipe& out,
                    const Pipe& err) {
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, out.writing.value(), STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, err.writing.value(), STDERR_FILENO);
    std::vector<std::string> words{path};
    words.insert(words.end(), arguments.begin(), arguments.end());
    std::vector<char*> pointers;
    for (auto& word : words) {
        pointers.push_back(word.data());
    }
    pointers.push_back(nullptr);
    pid_t pid = -1;
    const int problem =
        ::posix_spawn(&pid, path.c_str(), &actions, nullptr, pointers.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    if (problem != 0) {
        return Error{problem == ENOENT ? ErrorCode::not_found : ErrorCode::io,
                     "cannot run \"" + text::printable(path) + "\": " + std::strerror(problem)};
    }
    return pid;
}

/// Appends what can be read; false at the end.
bool read_some(FileDescriptor& from, std::string& into) {
    std::array<char, 4096> block{};
    const ssize_t count = ::read(from.value(), block.data(), block.size());
    if (count > 0) {
        into.append(block.data(), static_cast<std::size_t>(count));
    }
    return count > 0 || (count < 0 && errno == EINTR);
}

Status read_both(Pipe& out, Pipe& err, ChildOutput& output, steady_clock::time_point deadline) {
    while (out.reading.is_open() || err.reading.is_open()) {
        const auto left =
            std::chrono::duration_cast<std::chrono::milliseconds>(deadline - steady_clock::now());
        // poll passes over a negative descriptor, which is what a closed one has.
        std::array<pollfd, 2> waiting{pollfd{out.reading.value(), POLLIN, 0},
                                      pollfd{err.reading.value(), POLLIN, 0}};
        const int ready =
            left.count() > 0
                ? ::poll(waiting.data(), waiting.size(), static_cast<int>(left.count()))
                : 0;
        if (ready == 0) {
            return Error{ErrorCode::unavailable, "it did not end in time"};
        }
        if (waiting[0].revents != 0 && !read_some(out.reading, output.out)) {
            out.reading.reset();
        }
        if (waiting[1].revents != 0 && !read_some(err.reading, output.err)) {
            err.reading.reset();
        }
        if (output.out.size() + output.err.size() > limits::kReportBytes) {
            return Error{ErrorCode::limit_exceeded, "it writes without end"};
        }
    }
    return ok();
}

} // namespace

Result<ChildOutput> run_program(const std::string& path,
                                const std::vector<std::string>& arguments,
                                std::chrono::milliseconds limit) {
    BULLA_TRY_ASSIGN(Pipe out, make_pipe());
    BULLA_TRY_ASSIGN(Pipe err, make_pipe());
    BULLA_TRY_ASSIGN(const pid_t pid, start(path, arguments, out, err));
    Child child(pid);
    out.writing.reset();
    err.writing.reset();
    ChildOutput output;
    BULLA_TRY(read_both(out, err, output, steady_clock::now() + limit));
    output.exit = child.wait();
    return output;
}

} // namespace bulla::cli
