// SPDX-License-Identifier: Apache-2.0
#include "cli/common/password.hpp"

#include "base/core/limits.hpp"
#include "base/io/file.hpp"
#include "cli/common/interrupts.hpp"

#include <fcntl.h>
#include <string.h> // explicit_bzero
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <utility>

namespace bulla::cli {

namespace {

constexpr const char* kHint =
    "set BULLA_PASSWORD, write the password to standard input, or run on a terminal";

Error unusable(std::string message) {
    return Error{ErrorCode::configuration, std::move(message)}.with_hint(kHint);
}

enum class Until : std::uint8_t { end, end_of_line };

/// Reads byte blocks into a password and leaves no copy behind.
Result<Password> read_secret(int fd, Until until) {
    Password password;
    std::array<char, 1024> block{};
    while (password.reveal_secret().size() <= limits::kTokenBytes) {
        const ssize_t count = ::read(fd, block.data(), block.size());
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count < 0) {
            return unusable(std::string("cannot read the password: ") + ::strerror(errno));
        }
        std::string_view piece(block.data(), static_cast<std::size_t>(count));
        const bool line_ends = until == Until::end_of_line && piece.ends_with('\n');
        piece.remove_suffix(line_ends ? 1 : 0);
        password.append(piece);
        ::explicit_bzero(block.data(), block.size());
        if (count == 0 || line_ends) {
            return password;
        }
    }
    return unusable("the password is longer than " + std::to_string(limits::kTokenBytes) +
                    " bytes");
}

/// Switches echo off for as long as it lives, also across an interruption.
class EchoOff {
  public:
    explicit EchoOff(int fd) : fd_(fd) {
        if (::tcgetattr(fd, &before_) == 0) {
            interrupts::restore_on_exit(&before_);
            termios silent = before_;
            silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
            silent.c_lflag |= ICANON | ISIG;
            active_ = ::tcsetattr(fd, TCSAFLUSH, &silent) == 0;
        }
    }

    EchoOff(const EchoOff&) = delete;
    EchoOff& operator=(const EchoOff&) = delete;

    ~EchoOff() {
        if (active_) {
            ::tcsetattr(fd_, TCSANOW, &before_);
        }
        interrupts::restore_on_exit(nullptr);
    }

    bool active() const { return active_; }

  private:
    int fd_;
    termios before_{};
    bool active_ = false;
};

Result<Password> ask(int terminal, std::string_view prompt) {
    const EchoOff silence(terminal);
    if (!silence.active()) {
        return unusable("cannot switch off the terminal's echo");
    }
    BULLA_TRY(write_all(terminal, prompt));
    auto password = read_secret(terminal, Until::end_of_line);
    BULLA_TRY(write_all(terminal, "\n")); // the one that was typed is not echoed either
    return password;
}

Result<Password> ask_on_terminal(std::string_view prompt, PasswordUse use, const char* path) {
    const FileDescriptor terminal(::open(path, O_RDWR | O_NOCTTY | O_CLOEXEC));
    if (!terminal.is_open()) {
        return unusable("a password is needed and there is no terminal to ask on");
    }
    BULLA_TRY_ASSIGN(Password password, ask(terminal.value(), prompt));
    if (use == PasswordUse::create) {
        BULLA_TRY_ASSIGN(const Password again, ask(terminal.value(), "The same again: "));
        if (!(password == again)) {
            return unusable("the two passwords differ");
        }
    }
    return password;
}

} // namespace

Password::Password(std::string_view text) {
    append(text);
}

Password::Password(Password&& other) noexcept
    : bytes_(std::move(other.bytes_)), size_(std::exchange(other.size_, 0)) {}

Password& Password::operator=(Password&& other) noexcept {
    if (this != &other) {
        wipe();
        bytes_ = std::move(other.bytes_);
        size_ = std::exchange(other.size_, 0);
    }
    return *this;
}

Password::~Password() {
    wipe();
}

void Password::wipe() noexcept {
    if (bytes_) {
        ::explicit_bzero(bytes_.get(), size_);
    }
}

void Password::append(std::string_view text) {
    if (text.empty()) {
        return;
    }
    auto longer = std::make_unique<char[]>(size_ + text.size());
    std::copy_n(bytes_.get(), size_, longer.get());
    std::ranges::copy(text, longer.get() + size_);
    wipe();
    bytes_ = std::move(longer);
    size_ += text.size();
}

Result<Password>
read_password(std::string_view prompt, PasswordUse use, const PasswordInputs& inputs) {
    for (const char* const variable : {"BULLA_PASSWORD", "COSIGN_PASSWORD"}) {
        if (const char* const value = std::getenv(variable)) {
            return Password(value);
        }
    }
    if (::isatty(inputs.standard_input) == 1) {
        return ask_on_terminal(prompt, use, inputs.terminal);
    }
    BULLA_TRY_ASSIGN(Password password, read_secret(inputs.standard_input, Until::end));
    if (use == PasswordUse::create && password.empty()) {
        return unusable("a new password is needed and standard input is empty");
    }
    return password;
}

Result<Password>
read_login_password(std::string_view prompt, PasswordFrom from, const PasswordInputs& inputs) {
    constexpr const char* kLoginHint =
        "write the password to standard input with --password-stdin, or run on a terminal";
    auto password = from == PasswordFrom::terminal
                        ? ask_on_terminal(prompt, PasswordUse::open, inputs.terminal)
                        : read_secret(inputs.standard_input, Until::end);
    if (!password) {
        return std::move(password.error()).with_hint(kLoginHint);
    }
    std::string_view text = password->reveal_secret();
    for (const char end : {'\n', '\r'}) {
        text.remove_suffix(text.ends_with(end) ? 1 : 0);
    }
    if (text.empty()) {
        return unusable("the password is empty").with_hint(kLoginHint);
    }
    return Password(text);
}

} // namespace bulla::cli
