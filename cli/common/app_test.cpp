// SPDX-License-Identifier: Apache-2.0
#include "base/io/file.hpp"
#include "cli/common/app.hpp"
#include "cli/common/interrupts.hpp"
#include "cli/common/version.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/run_program.hpp"
#include "tests/support/temp_dir.hpp"

#include <signal.h>

#include <chrono>
#include <filesystem>

namespace bulla::cli {

namespace {

using test::run_shell;

/// The probe's command line behind "exec", so that signals and descriptors are its own.
std::string probe(const std::string& words) {
    return "exec '" BULLA_PROBE "' " + words;
}

bool is_empty(const test::TempDir& folder) {
    return std::filesystem::is_empty(folder.path());
}

/// Starts the waiting probe with a half-written file in `folder`.
std::string waiting(const test::TempDir& folder, const std::string& more = "") {
    return probe("wait REF --file '" + folder.file("result") + "' " + more);
}

} // namespace

TEST_CASE("app: the result is all of standard output, messages are not", "[cli][app]") {
    const auto ended = run_shell(probe("end REF -o json --how untrusted"));
    CHECK(ended.exit == 5);
    CHECK(ended.out == "{\n  \"schema\": \"bulla.probe/1\",\n  \"reference\": \"REF\"\n}\n");
    CHECK(ended.err == "bulla-probe: warning: the answer is no why=\"asked for\"\n");
}

TEST_CASE("app: an error publishes nothing and has a hint", "[cli][app]") {
    const test::TempDir folder;
    const auto ended =
        run_shell(probe("end REF --how fail -o text -o json='" + folder.file("out") + "'"));
    CHECK(ended.exit == 4);
    CHECK(ended.out.empty());
    CHECK(ended.err == "bulla-probe: error: the probe fails\n"
                       "bulla-probe: hint: type something else\n");
    CHECK(is_empty(folder));
}

TEST_CASE("app: every mistake on the command line is exit 2", "[cli][app]") {
    for (const char* const words : {"",
                                    "edn",
                                    "-q end REF",
                                    "end",
                                    "end REF extra",
                                    "end REF --xyzzy",
                                    "end REF --how",
                                    "end REF --how= x",
                                    "end REF -o xml",
                                    "end REF -o json@9",
                                    "end REF -o json -o text",
                                    "end REF --how a --how b",
                                    "end REF -q -v",
                                    "end REF -q --progress plain",
                                    "end REF --log-format xml",
                                    "end REF --timeout 0s"}) {
        CAPTURE(words);
        const auto ended = run_shell(probe(words));
        CHECK(ended.exit == 2);
        CHECK(ended.out.empty());
        CHECK_FALSE(ended.err.empty());
    }
}

TEST_CASE("app: an exception is an internal error", "[cli][app]") {
    const auto ended = run_shell(probe("end REF --how throw"));
    CHECK(ended.exit == 70);
    CHECK(ended.err == "bulla-probe: error: internal error: thrown by the probe\n");
}

TEST_CASE("app: --help goes to standard output, examples first", "[cli][app]") {
    const auto ended = run_shell(probe("end --help"));
    CHECK(ended.exit == 0);
    CHECK(ended.err.empty());
    CHECK(ended.out.find("Examples:") < ended.out.find("Usage:"));
    CHECK(run_shell(probe("help end")).out == ended.out);
}

TEST_CASE("app: --version says which build this is", "[cli][app]") {
    const std::string expected = std::string("bulla-probe ") + kVersionText + "\n";
    CHECK(run_shell(probe("--version")).out == expected);
    CHECK(run_shell(probe("end --version")).out == expected);
    CHECK(std::string(kVersionText).starts_with(kVersion));
}

TEST_CASE("app: usage errors keep the form that --log-format asks for", "[cli][app]") {
    const auto ended = run_shell(probe("end REF extra --log-format json"));
    CHECK(ended.exit == 2);
    CHECK_THAT(ended.err, Catch::StartsWith("{\"time\":"));
}

TEST_CASE("app: a closed pipe ends quietly", "[cli][app]") {
    const auto ended =
        run_shell("{ sleep 0.2; ( " + probe("end REF") + " ); echo $? >&2; } | true");
    CHECK(ended.err == "0\n");
}

TEST_CASE("app: a full disk and a closed standard output are errors", "[cli][app]") {
    for (const char* const redirection : {">/dev/full", ">&-"}) {
        CAPTURE(redirection);
        const auto ended = run_shell(probe(std::string("end REF ") + redirection));
        CHECK(ended.exit == 3);
        CHECK_THAT(ended.err, Catch::Contains("cannot write standard output"));
    }
}

TEST_CASE("app: with standard output closed no file receives the result", "[cli][app]") {
    const test::TempDir folder;
    const auto path = folder.file("out");
    CHECK(run_shell(probe("end REF -o json='" + path + "' -o text=/dev/null >&- <&- 2>&-")).exit ==
          0);
    CHECK_THAT(test::value_of(read_file(path, 1000)), Catch::StartsWith("{"));
}

TEST_CASE("app: process substitution and /dev/stdout are written in place", "[cli][app]") {
    const test::TempDir folder;
    const auto path = folder.file("redirected");
    CHECK(run_shell(probe("end REF -o text=/dev/stdout >'" + path + "'")).exit == 0);
    CHECK(test::value_of(read_file(path, 100)) == "REF\n");
    CHECK(run_shell("{ '" BULLA_PROBE "' end REF -o text=/dev/fd/3 3>&1 >/dev/null | cat; }").out ==
          "REF\n");
}

TEST_CASE("app: names stay UTF-8 under LC_ALL=C", "[cli][app]") {
    const auto ended =
        run_shell("LC_ALL=C; export LC_ALL; " + probe("end 'caf\xC3\xA9' 'x\xC3\xA9'"));
    CHECK_THAT(ended.err, Catch::Contains("unexpected argument \"x\xC3\xA9\""));
}

TEST_CASE("app: an interruption removes the temporary file and says 130 or 143",
          "[cli][app][signals]") {
    for (const auto& [signal, code] : {std::pair{SIGINT, 130}, {SIGTERM, 143}, {SIGHUP, 1001}}) {
        const test::TempDir folder;
        test::Running program(waiting(folder));
        CHECK(program.read_line() == "ready");
        CHECK_FALSE(is_empty(folder));
        program.send(signal);
        CHECK(program.wait() == code);
        CHECK(is_empty(folder));
    }
}

TEST_CASE("app: hooks run before an interrupted program ends", "[cli][app][signals]") {
    const test::TempDir folder;
    test::Running program(waiting(folder, "--how hook"));
    CHECK(program.read_line() == "ready");
    program.send(SIGINT);
    CHECK(program.read_line() == "hook");
    CHECK(program.wait() == 130);
    CHECK(is_empty(folder));
}

TEST_CASE("app: a hook that hangs does not keep the program, nor does it wait for a second signal",
          "[cli][app][signals]") {
    const test::TempDir folder;
    test::Running program(waiting(folder, "--how stuck"));
    CHECK(program.read_line() == "ready");
    const auto start = std::chrono::steady_clock::now();
    program.send(SIGTERM);
    program.send(SIGINT);
    const int code = program.wait();
    CHECK((code == 143 || code == 130)); // the kernel may deliver either first
    CHECK(std::chrono::steady_clock::now() - start < interrupts::kHookTime);
    CHECK(is_empty(folder));
}

TEST_CASE("app: a signal the caller ignores stays ignored", "[cli][app][signals]") {
    const test::TempDir folder;
    test::Running program("trap '' HUP; " + waiting(folder));
    CHECK(program.read_line() == "ready");
    program.send(SIGHUP);
    program.send(SIGTERM);
    CHECK(program.wait() == 143);
}

TEST_CASE("app: --timeout ends the run with exit 4", "[cli][app][signals]") {
    const test::TempDir folder;
    const auto ended = run_shell(waiting(folder, "--timeout 100ms"));
    CHECK(ended.exit == 4);
    CHECK(ended.err == "bulla-probe: error: the time given by --timeout is over\n");
    CHECK(is_empty(folder));
}

TEST_CASE("app: a password comes from the environment, even empty, else from standard input",
          "[cli][app][password]") {
    CHECK(run_shell("export BULLA_PASSWORD=one COSIGN_PASSWORD=two; " + probe("ask R")).out ==
          "one\n");
    CHECK(run_shell("export COSIGN_PASSWORD=two; " + probe("ask R")).out == "two\n");
    CHECK(run_shell("export BULLA_PASSWORD=; " + probe("ask R")).out == "\n");
    CHECK(run_shell("printf ' a\\nb\\n' | ( " + probe("ask R") + " )").out == " a\nb\n\n");
}

TEST_CASE("app: an empty standard input is no new password", "[cli][app][password]") {
    const auto ended = run_shell(probe("ask R </dev/null"));
    CHECK(ended.exit == 2);
    CHECK_THAT(ended.err, Catch::Contains("standard input is empty"));
}

} // namespace bulla::cli
