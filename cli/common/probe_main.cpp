// SPDX-License-Identifier: Apache-2.0
// A program for the tests of what only a whole process shows: descriptors, signals, exit codes.
#include "base/io/file.hpp"
#include "cli/common/app.hpp"
#include "cli/common/interrupts.hpp"
#include "cli/common/password.hpp"
#include "cli/common/result_json.hpp"

#include <unistd.h>

#include <array>
#include <chrono>
#include <stdexcept>
#include <thread>

namespace bulla::cli {

namespace {

constexpr std::array kExamples{
    Example{"in CI: end with a code", "bulla-probe end --with 0 REF"},
};
constexpr std::array kExits{ExitCode::unavailable};
constexpr std::array kFormats{OutputFormat{"text", "for people"},
                              OutputFormat{"json", "for programs"}};

struct ProbeOptions {
    std::string reference;
    std::string how = "done";
    std::string file;
};

void add_options(OptionSet& set, ProbeOptions& options) {
    set.positional({.name = "REF", .help = "any word"}, options.reference);
    set.value({.name = "--how", .placeholder = "WORD", .help = "how to end"}, options.how);
    set.value({.name = "--file", .placeholder = "FILE", .help = "a file to leave half-written"},
              options.file);
}

void say_ready() {
    if (::write(STDOUT_FILENO, "ready\n", 6) < 0) {
        throw std::runtime_error("no reader");
    }
}

/// Waits for the signal of a test, for a bounded time.
void wait_for_signal() {
    say_ready();
    std::this_thread::sleep_for(std::chrono::seconds(20));
}

Result<ExitCode> end(const ProbeOptions& options, Context& context) {
    auto result = begin_result("probe");
    result.member("reference", options.reference).end_object();
    BULLA_TRY(context.output.prepare_all("json", result.finish() + "\n"));
    BULLA_TRY(context.output.prepare_all("text", options.reference + "\n"));
    if (options.how == "throw") {
        throw std::runtime_error("thrown by the probe");
    }
    if (options.how == "fail") {
        return Error{ErrorCode::unavailable, "the probe fails"}.with_hint("type something else");
    }
    if (options.how == "untrusted") {
        context.logger.warning("the answer is no", {{"why", "asked for"}});
        return ExitCode::untrusted;
    }
    return ExitCode::done;
}

Result<ExitCode> wait(const ProbeOptions& options, Context&) {
    BULLA_TRY_ASSIGN(AtomicFile file, AtomicFile::create(options.file));
    BULLA_TRY(file.write("half"));
    if (options.how == "hook") {
        const interrupts::Hook hook([&] { (void)write_all(STDOUT_FILENO, "hook\n"); });
        wait_for_signal();
    } else if (options.how == "stuck") {
        const interrupts::Hook hook([] { std::this_thread::sleep_for(std::chrono::seconds(30)); });
        wait_for_signal();
    } else {
        wait_for_signal();
    }
    return ExitCode::done;
}

Result<ExitCode> ask(const ProbeOptions&, Context& context) {
    BULLA_TRY_ASSIGN(const Password password, read_password("Password: ", PasswordUse::create));
    BULLA_TRY(context.output.prepare_all("text", std::string(password.reveal_secret()) + "\n"));
    return ExitCode::done;
}

CommandDoc doc(std::string_view name, std::string_view summary) {
    return {.name = name,
            .summary = summary,
            .description = "Does nothing but end.",
            .examples = kExamples,
            .exits = kExits,
            .formats = kFormats};
}

} // namespace

} // namespace bulla::cli

int main(int argc, char** argv) {
    using namespace bulla::cli;
    return run_app(argc,
                   argv,
                   {"bulla-probe",
                    "ends in every way",
                    {make_subcommand(doc("end", "ends at once"), &add_options, &end),
                     make_subcommand(doc("wait", "waits for a signal"), &add_options, &wait),
                     make_subcommand(doc("ask", "asks for a password"), &add_options, &ask)}});
}
