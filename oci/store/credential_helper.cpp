// SPDX-License-Identifier: Apache-2.0
#include "oci/store/credential_helper.hpp"

#include "base/core/text.hpp"
#include "base/io/file.hpp"
#include "base/json/json.hpp"
#include "base/json/writer.hpp"
#include "oci/store/credential_file.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <utility>

extern char** environ; // NOLINT(readability-redundant-declaration): POSIX leaves it to us

namespace bulla::oci {

namespace {

using std::chrono::steady_clock;

/// A running helper; ended and waited for in any case.
class Child {
  public:
    Child(pid_t pid, FileDescriptor channel) : pid_(pid), channel_(std::move(channel)) {}

    Child(Child&& other) noexcept
        : pid_(std::exchange(other.pid_, -1)), channel_(std::move(other.channel_)) {}

    Child& operator=(Child&&) = delete;

    ~Child() {
        if (pid_ > 0) {
            kill(pid_, SIGKILL);
            wait();
        }
    }

    int channel() const { return channel_.value(); }

    /// The exit code, or -1 if a signal ended it.
    int wait() {
        int status = 0;
        while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
        }
        pid_ = -1;
        return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    }

  private:
    pid_t pid_;
    FileDescriptor channel_;
};

Error failed(const std::string& program, std::string why) {
    return Error{ErrorCode::configuration,
                 "the credential helper " + program + " " + std::move(why)};
}

Result<Child> start(const std::string& program, std::string verb) {
    // A socket pair instead of pipes: writing to a helper that is gone is an error, not a signal.
    std::array<int, 2> ends{};
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) {
        return Error{ErrorCode::io, "cannot make a socket pair"};
    }
    FileDescriptor ours(ends[0]);
    const FileDescriptor theirs(ends[1]);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, theirs.value(), STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, theirs.value(), STDOUT_FILENO);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);
    std::string name = program;
    const std::array<char*, 3> arguments = {name.data(), verb.data(), nullptr};
    pid_t pid = -1;
    const int problem =
        posix_spawnp(&pid, program.c_str(), &actions, nullptr, arguments.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    if (problem == ENOENT || problem == EACCES) {
        return Error{ErrorCode::not_found,
                     "the credential helper " + program + " is not installed"};
    }
    if (problem != 0) {
        return failed(program, "cannot be started");
    }
    return Child(pid, std::move(ours));
}

/// Waits until the helper has something to say, or takes what is said.
Status
await(Child& child, const std::string& program, short events, steady_clock::time_point deadline) {
    while (true) {
        const auto left =
            std::chrono::duration_cast<std::chrono::milliseconds>(deadline - steady_clock::now());
        pollfd waiting{.fd = child.channel(), .events = events, .revents = 0};
        const int ready = left.count() > 0 ? poll(&waiting, 1, static_cast<int>(left.count())) : 0;
        if (ready == 0) {
            return failed(program, "did not answer in time");
        }
        if (ready > 0 || errno != EINTR) {
            return ok();
        }
    }
}

/// Gives the helper its input; one that does not want it has its reasons, which its exit code says.
Status
tell(Child& child, const std::string& program, ByteView input, steady_clock::time_point deadline) {
    while (!input.empty()) {
        BULLA_TRY(await(child, program, POLLOUT, deadline));
        const ssize_t count =
            send(child.channel(), input.data(), input.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
        if (count < 0 && errno != EAGAIN && errno != EINTR) {
            break;
        }
        input.remove_prefix(count > 0 ? static_cast<std::size_t>(count) : 0);
    }
    shutdown(child.channel(), SHUT_WR);
    return ok();
}

Result<std::string> converse(Child& child,
                             const std::string& program,
                             ByteView input,
                             std::chrono::milliseconds limit) {
    const auto deadline = steady_clock::now() + limit;
    BULLA_TRY(tell(child, program, input, deadline));
    std::string output;
    std::array<char, 4096> block{};
    while (true) {
        BULLA_TRY(await(child, program, POLLIN, deadline));
        const ssize_t count = ::read(child.channel(), block.data(), block.size());
        if (count <= 0) {
            return output;
        }
        output.append(block.data(), static_cast<std::size_t>(count));
        if (output.size() > limits::kCredentialBytes) {
            return failed(program, "answers without end");
        }
    }
}

} // namespace

bool is_helper_installed(const std::string& suffix) {
    const char* const path = std::getenv("PATH");
    std::string_view rest = path != nullptr ? path : "";
    while (is_helper_suffix(suffix) && !rest.empty()) {
        const std::string file =
            std::string(text::take_until(rest, ':')) + "/docker-credential-" + suffix;
        if (::access(file.c_str(), X_OK) == 0) {
            return true;
        }
    }
    return false;
}

namespace {

struct Answer {
    int code = 0;
    std::string output;

    bool is_not_found() const {
        return code != 0 && output.find("credentials not found") != std::string::npos;
    }
};

Result<Answer> ask_helper(const std::string& suffix,
                          const std::string& verb,
                          ByteView input,
                          std::chrono::milliseconds limit) {
    if (!is_helper_suffix(suffix)) {
        return Error{ErrorCode::configuration,
                     "\"" + text::printable(suffix) + "\" is not the name of a credential helper"};
    }
    const std::string program = "docker-credential-" + suffix;
    BULLA_TRY_ASSIGN(Child child, start(program, verb));
    BULLA_TRY_ASSIGN(std::string output, converse(child, program, input, limit));
    return Answer{child.wait(), std::move(output)};
}

/// What a helper says when it fails may hold what it was given, so only its code is told.
Error failure(const std::string& suffix, const std::string& verb, int code) {
    return failed("docker-credential-" + suffix,
                  "failed to " + verb + " with exit code " + std::to_string(code));
}

} // namespace

Status store_with_helper(const std::string& suffix,
                         const std::string& server,
                         const Login& login,
                         std::chrono::milliseconds limit) {
    json::Writer out;
    out.begin_object().member("ServerURL", server).member("Username", login.username);
    out.member("Secret", login.password.reveal_secret()).end_object();
    BULLA_TRY_ASSIGN(const Answer answer, ask_helper(suffix, "store", out.finish(), limit));
    return answer.code == 0 ? ok() : Status(failure(suffix, "store", answer.code));
}

Status erase_with_helper(const std::string& suffix,
                         const std::string& server,
                         std::chrono::milliseconds limit) {
    BULLA_TRY_ASSIGN(const Answer answer, ask_helper(suffix, "erase", server, limit));
    return answer.code == 0 || answer.is_not_found()
               ? ok()
               : Status(failure(suffix, "erase", answer.code));
}

Result<std::optional<Login>> run_credential_helper(const std::string& suffix,
                                                   const std::string& server,
                                                   std::chrono::milliseconds limit) {
    BULLA_TRY_ASSIGN(const Answer answer, ask_helper(suffix, "get", server, limit));
    const std::string program = "docker-credential-" + suffix;
    const std::string& output = answer.output;
    if (answer.is_not_found()) {
        return std::optional<Login>();
    }
    if (answer.code != 0) {
        return failed(program, "failed with exit code " + std::to_string(answer.code))
            .with_hint("try it: `echo " + text::printable(server) + " | " + program + " get`");
    }
    json::ParseOptions options;
    options.max_bytes = limits::kCredentialBytes;
    const auto document = json::Document::parse(output, options);
    const auto secret =
        document ? document->root()["Secret"].string() : std::optional<std::string_view>();
    if (!secret) {
        return failed(program, "did not answer with a JSON object that has a Secret");
    }
    Login out;
    out.username = document->root()["Username"].string_or("");
    if (out.username == "<token>") { // the protocol's way to hand out an identity token
        out.username.clear();
        out.identity_token = http::Credential(std::string(*secret));
    } else {
        out.password = http::Credential(std::string(*secret));
    }
    return out.empty() ? std::optional<Login>() : std::optional<Login>(std::move(out));
}

} // namespace bulla::oci
