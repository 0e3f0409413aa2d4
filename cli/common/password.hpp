// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/core/result.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

namespace bulla::cli {

/// A password: moved, never copied or printed, overwritten when it goes.
class Password {
  public:
    Password() = default;
    explicit Password(std::string_view text);
    Password(Password&& other) noexcept;
    Password& operator=(Password&& other) noexcept;
    Password(const Password&) = delete;
    Password& operator=(const Password&) = delete;
    ~Password();

    std::string_view reveal_secret() const { return {bytes_.get(), size_}; }

    bool empty() const { return size_ == 0; }

    /// Adds bytes; the old storage is overwritten.
    void append(std::string_view text);

    friend bool operator==(const Password& a, const Password& b) {
        return a.reveal_secret() == b.reveal_secret();
    }

  private:
    void wipe() noexcept;

    std::unique_ptr<char[]> bytes_;
    std::size_t size_ = 0;
};

enum class PasswordUse : std::uint8_t {
    open,   ///< unlocks something that exists
    create, ///< protects something new: typed twice, and standard input must not be empty
};

/// Where a password may come from besides the environment; tests replace them.
struct PasswordInputs {
    int standard_input = 0;
    const char* terminal = "/dev/tty";
};

/// The password for a key, from the first of: BULLA_PASSWORD, COSIGN_PASSWORD (being set counts,
/// even empty); standard input to its end, unchanged, if that is not a terminal (as cosign has it);
/// the terminal, with echo off, behind `prompt`. Errors are of code configuration: no terminal, two
/// entries that differ, more than limits::kTokenBytes.
Result<Password>
read_password(std::string_view prompt, PasswordUse use, const PasswordInputs& inputs = {});

enum class PasswordFrom : std::uint8_t {
    standard_input, ///< to its end; one line end there is dropped, which echo and printenv add
    terminal,       ///< behind the prompt, with echo off
};

/// The password for an account elsewhere. No variable is read: the password for a key must not go
/// to a registry. Errors are of code configuration: no terminal, an empty password, more than
/// limits::kTokenBytes.
Result<Password>
read_login_password(std::string_view prompt, PasswordFrom from, const PasswordInputs& inputs = {});

} // namespace bulla::cli
