// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace bulla::test {

/// How a shell command ended.
struct Ended {
    int exit = -1; ///< -1 if a signal ended it
    std::string out;
    std::string err;
};

/// Runs a command line with /bin/sh and gathers what it writes. For tests of whole programs.
Ended run_shell(const std::string& command);

/// A program that runs beside the test, its standard output in a pipe. Killed and reaped when this
/// goes.
class Running {
  public:
    /// `command` is run by /bin/sh, which should `exec` it so that signals reach the program.
    explicit Running(const std::string& command);
    ~Running();
    Running(const Running&) = delete;
    Running& operator=(const Running&) = delete;

    /// The next line of standard output, without its newline; empty at the end.
    std::string read_line();

    void send(int signal) const;

    /// Waits for the end: the exit code, or 1000 + the signal that ended it.
    int wait();

  private:
    int pid_ = -1;
    int output_ = -1;
};

} // namespace bulla::test
