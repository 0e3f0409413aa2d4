// SPDX-License-Identifier: Apache-2.0
#include "cli/oci/doctor.hpp"

#include <array>

namespace bulla::cli::oci {

namespace {

constexpr std::array kExamples = {
    Example{"in CI: can this runner reach its registry", "bulla-oci doctor registry.example:5000"},
    Example{"which credentials and certificates would be used", "bulla-oci doctor"},
};

constexpr std::array kExits = {ExitCode::denied};

constexpr std::array kFormats = {
    OutputFormat{"text", "for people"},
    OutputFormat{"json", "for programs (bulla.doctor/1)"},
};

constexpr CommandDoc kDoc{
    .name = "doctor",
    .summary = "find out why a registry cannot be used",
    .description = "Looks for certificates and for credentials, and asks a registry if one is "
                   "named. No secret is shown, and no credential helper is run unless a registry "
                   "is named. `bulla doctor` shows this with the rest of the machine. The answer "
                   "is no (exit code 1) if something was found that would make a command fail.",
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

} // namespace bulla::cli::oci
