// SPDX-License-Identifier: Apache-2.0
#include "cli/bulla/doctor.hpp"

#include <array>

namespace bulla::cli {

namespace {

constexpr std::array kExamples = {
    Example{"in CI: is everything there before the pipeline starts",
            "bulla doctor registry.example:5000"},
    Example{"what to send along with a question", "bulla doctor -o json"},
};

constexpr std::array kExits = {ExitCode::denied};

constexpr std::array kFormats = {
    OutputFormat{"text", "for people"},
    OutputFormat{"json", "for programs (bulla.doctor/1)"},
};

constexpr CommandDoc kDoc{
    .name = "doctor",
    .summary = "find out what on this machine would make a command fail",
    .description =
        "Looks at the programs and their versions, the kernel, the config file, the cache, "
        "certificates and credentials, and asks a registry if one is named. Certificates, "
        "credentials and the registry are the business of bulla-oci, which is run for them: this "
        "program has no network. No secret is shown.\n\n"
        "The answer is no (exit code 1) if something was found that would make a command fail; "
        "each finding says what to type.",
    .examples = kExamples,
    .exits = kExits,
    .formats = kFormats,
};

void add_options(OptionSet& set, DoctorOptions& options) {
    set.positional({.name = "REGISTRY", .help = "a registry to ask, or an image in one"},
                   options.registry);
    set.group("Registry");
    set.flag({.name = "--plain-http",
              .help = "speak http without TLS, not only to registries on this machine"},
             options.plain_http);
}

} // namespace

Subcommand doctor_command() {
    return make_subcommand(kDoc, &add_options, &run_doctor);
}

} // namespace bulla::cli
