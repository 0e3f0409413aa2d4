// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <functional>
#include <string>

struct termios;

/// How a run ends when it is interrupted: SIGINT, SIGTERM, SIGHUP, or the end of --timeout.
/// Temporary files are removed and the terminal is put right on every path; then hooks run, for at
/// most kHookTime; then the process ends with 130, 143, by SIGHUP, or 4. A second signal ends it at
/// once. The state is the process's, because signals are.
namespace bulla::cli::interrupts {

/// What hooks have together before the process ends without them.
inline constexpr std::chrono::seconds kHookTime{2};

/// Installs the handlers. Called first in main. Signals that the parent had ignored (nohup) stay
/// ignored; SIGPIPE is ignored from here on.
void install();

/// Lets the run end with exit code 4 after this time, printing `message` (a whole line) to standard
/// error. At most once.
void set_deadline(std::chrono::milliseconds time, const std::string& message);

/// True once a signal or the deadline has come: results must not be published any more.
bool pending();

/// Waits for the end that `pending` announced. Returns at once if nothing is pending.
void wait_if_pending();

/// Work to do on an interruption, for as long as this lives: aborting an upload, say. The hook runs
/// on a thread of its own while others still run, so it may do network I/O, and must be safe beside
/// the code it interrupts. The thread is started with the first hook.
class Hook {
  public:
    explicit Hook(std::function<void()> action);
    ~Hook();
    Hook(const Hook&) = delete;
    Hook& operator=(const Hook&) = delete;

  private:
    std::size_t id_;
};

/// Terminal settings that an interruption restores (echo while a password is typed); null when they
/// are back. The value must live until then.
void restore_on_exit(const termios* settings);

/// Says whether progress bars are on the terminal, which an interruption clears.
void clear_bars_on_exit(bool shown);

} // namespace bulla::cli::interrupts
