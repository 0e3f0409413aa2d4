// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/core/clock.hpp"
#include "base/core/error.hpp"
#include "base/core/logger.hpp"
#include "cli/common/common_options.hpp"
#include "cli/common/exit_code.hpp"

#include <chrono>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace bulla::cli {

/// Standard error: messages, and progress bars below them that move down as messages come. Safe for
/// use from several threads.
class Console {
  public:
    /// Writes whole lines (each with its newline) above the bars.
    void write(std::string_view lines);

    /// Replaces the bars; no lines removes them. Call only if standard error is a terminal.
    void show_bars(std::vector<std::string> lines);

  private:
    void erase_bars(std::string& out) const;
    void append_bars(std::string& out) const;

    std::mutex mutex_;
    std::vector<std::string> bars_;
};

/// Whether to use colours on standard error. The first that applies: --color always or never,
/// NO_COLOR, CLICOLOR_FORCE, TERM=dumb, GITHUB_ACTIONS=true (its log shows colours), a terminal.
bool use_color(ColorChoice choice);

enum class Coloring : std::uint8_t { plain, colored };

/// An error as people read it: the message, its facts aligned, the hint. Lines end in newlines;
/// nothing in them can move the cursor.
///
///     bulla-verify: error: no signature on "…" matches the policy
///       found:    issuer "https://gitlab.example"
///       expected: issuer "https://gitlab.example"
///     bulla-verify: hint: list what is attached with `bulla-oci tree …`
std::string format_error(std::string_view program, const Error& error, Coloring coloring);

/// An error as one JSON line: level, program, code, exit, message, facts, hint, where.
std::string format_error_json(std::string_view program, const Error& error, Time time);

/// Logs to a console: text ("bulla-sbom: warning: …") or JSON lines. Quiet shows errors only,
/// otherwise info and up; -v adds debug, -vv the time since the start.
class ConsoleLogger final : public Logger {
  public:
    ConsoleLogger(Console& console,
                  std::string program,
                  const CommonOptions& options,
                  const Clock& clock);

    void
    log(LogLevel level, std::string_view message, std::initializer_list<LogField> fields) override;

    bool shows(LogLevel level) const override { return level >= lowest_; }

    /// Prints an error in the form of the log; shown even when quiet.
    void report(const Error& error);

    LogFormat format() const { return format_; }

  private:
    std::string text_line(LogLevel level,
                          std::string_view message,
                          std::initializer_list<LogField> fields) const;
    std::string json_line(LogLevel level,
                          std::string_view message,
                          std::initializer_list<LogField> fields) const;

    Console& console_;
    const Clock& clock_;
    std::string program_;
    LogLevel lowest_;
    LogFormat format_;
    Coloring coloring_;
    bool with_elapsed_;
    std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

} // namespace bulla::cli
