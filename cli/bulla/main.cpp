// SPDX-License-Identifier: Apache-2.0
#include "cli/bulla/find_step.hpp"
#include "cli/bulla/front_door.hpp"
#include "cli/common/suggest.hpp"
#include "cli/common/version.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <string>
#include <string_view>

// Every pipeline runs this once per step, so it starts in no time: what leads to a step uses no
// option library and no streams, and reads nothing but the words it passes on.
namespace bulla::cli {

namespace {

constexpr int kUsage = 2;
constexpr int kBadInput = 3;

constexpr std::array<std::string_view, 4> kSteps{"oci", "sbom", "sign", "verify"};

constexpr std::string_view kHelp =
    R"(bulla: seals container images: what is in them, signed, stored beside them, and checked

Examples:
  # in CI: write down what is in an image, sign that, and check it
  bulla sbom create registry.example/app:1 -o cyclonedx-json=sbom.json
  bulla sign attest --key my.key --type cyclonedx --predicate sbom.json registry.example/app:1
  bulla verify attestation --key my.pub --type cyclonedx registry.example/app:1

Usage:
  bulla STEP [arguments of bulla-STEP]

Steps:
  oci       moves images and their evidence between registries and layouts, and shows them
  sbom      reads an image and writes down what is in it
  sign      signs images, statements about them, and files
  verify    checks signatures and statements, and explains the answer

Own commands:
  doctor    find out what on this machine would make a command fail

`bulla STEP --help` explains a step; `bulla --version` prints the version. Any other program named bulla-STEP, beside this one or in an
absolute folder of PATH, is a step too.
)";

int print(int fd, std::string_view text) {
    while (!text.empty()) {
        const ssize_t count = ::write(fd, text.data(), text.size());
        if (count >= 0) {
            text.remove_prefix(static_cast<std::size_t>(count));
        } else if (errno == EPIPE) {
            return 0;
        } else if (errno != EINTR) {
            return kBadInput;
        }
    }
    return 0;
}

int print_result(const std::string& text) {
    const int code = print(STDOUT_FILENO, text);
    if (code != 0) {
        print(STDERR_FILENO,
              std::string("bulla: error: cannot write standard output: ") + std::strerror(errno) +
                  "\n");
    }
    return code;
}

/// Printable ASCII of a word; it may be anything and goes to a terminal.
std::string quoted(std::string_view word) {
    std::string out = "\"";
    for (const char c : word) {
        out += c >= ' ' && c <= '~' ? c : '?';
    }
    return out + "\"";
}

int fail(const std::string& message, const std::string& hint) {
    print(STDERR_FILENO, "bulla: error: " + message + "\nbulla: hint: " + hint + "\n");
    return kUsage;
}

bool is_known(std::string_view step) {
    for (const auto known : kSteps) {
        if (step == known) {
            return true;
        }
    }
    return false;
}

int refuse(std::string_view step) {
    if (is_known(step)) {
        const std::string program = "bulla-" + std::string(step);
        return fail("the program " + program + " is not installed",
                    "put " + program + " beside bulla, or its folder into PATH");
    }
    const auto near = suggest(step, kSteps);
    const std::string hint = near.empty() ? "`bulla --help` lists the steps"
                                          : "did you mean `bulla " + std::string(near) + "`?";
    if (step.starts_with("-")) {
        return fail("expected a step before " + quoted(step),
                    "options stand behind the step; `bulla --help` lists the steps");
    }
    return fail("unknown step " + quoted(step), hint);
}

int run_step(std::string_view step, char** arguments) {
    if (const auto program = find_step(step); !program.empty()) {
        std::string name = "bulla-" + std::string(step);
        arguments[0] = name.data();
        ::execv(program.c_str(), arguments);
        return fail("cannot run " + quoted(program) + ": " + std::strerror(errno),
                    "install bulla again");
    }
    return refuse(step);
}

/// What bulla does itself, with options like any other program of ours.
bool is_own(std::string_view word) {
    return word == "doctor" || word.starts_with("--generate=");
}

int run(int argc, char** argv) {
    if (argc < 2) {
        print(STDERR_FILENO, kHelp);
        return kUsage;
    }
    const std::string_view first = argv[1];
    if (first == "--help" || first == "-h") {
        return print_result(std::string(kHelp));
    }
    if (first == "--version" || first == "version") {
        return print_result(std::string("bulla ") + kVersionText + "\n");
    }
    if (is_own(first) || (first == "help" && argc > 2 && is_own(argv[2]))) {
        return run_app(argc, argv, front_door());
    }
    if (first == "help") {
        if (argc < 3) {
            return print_result(std::string(kHelp));
        }
        std::string help = "--help";
        std::array<char*, 3> words{argv[0], help.data(), nullptr};
        return run_step(argv[2], words.data());
    }
    return run_step(first, argv + 1);
}

} // namespace

} // namespace bulla::cli

int main(int argc, char** argv) {
    // Descriptors that the caller closed are the step's business: they pass through as they are.
    return bulla::cli::run(argc, argv);
}
