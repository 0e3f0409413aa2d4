// SPDX-License-Identifier: Apache-2.0
#include "cli/oci/login.hpp"

#include <array>

namespace bulla::cli::oci {

namespace {

constexpr std::array kLoginExamples = {
    Example{"in CI: with a token from the environment",
            "printenv REGISTRY_TOKEN | bulla-oci login -u robot --password-stdin 127.0.0.1:5000"},
    Example{"on a terminal, which asks for the password", "bulla-oci login -u me 127.0.0.1:5000"},
};

constexpr std::array kLoginExits = {ExitCode::unavailable};

constexpr std::array kEnvironment = {
    EnvironmentVariable{"REGISTRY_AUTH_FILE", "the file to keep logins in, as for podman"},
    EnvironmentVariable{"DOCKER_CONFIG",
                        "the folder of config.json, which keeps them otherwise (default: "
                        "~/.docker)"},
};

constexpr CommandDoc kLoginDoc{
    .name = "login",
    .summary = "keep a user name and password for a registry",
    .description =
        "The registry is asked first, and what it refuses is not kept. The login is kept where "
        "docker, crane and oras keep theirs and find ours: in the credential helper that Docker's "
        "configuration file names, or else in that file, not encrypted and readable by its owner "
        "alone. Everything else in the file stays as it is.\n\n"
        "A password is never an argument, which other users of the machine could read.",
    .examples = kLoginExamples,
    .exits = kLoginExits,
    .environment = kEnvironment,
};

constexpr std::array kLogoutExamples = {
    Example{"in CI: at the end of a job on a machine that stays",
            "bulla-oci logout 127.0.0.1:5000"},
};

constexpr CommandDoc kLogoutDoc{
    .name = "logout",
    .summary = "forget the login for a registry",
    .description = "Removes what `login` of this and other tools stored for the registry, from the "
                   "credential helper and from the file. Logins for other registries, and for "
                   "single repositories, stay. Having none is no error.",
    .examples = kLogoutExamples,
    .environment = kEnvironment,
};

constexpr PositionalText kRegistry{
    .name = "REGISTRY", .help = "a host with an optional port; docker.io for Docker Hub"};

void add_login_options(OptionSet& set, LoginOptions& options) {
    set.positional(kRegistry, options.registry);
    set.group("Login");
    set.value({.name = "-u,--username", .placeholder = "USER", .help = "who logs in"},
              options.username,
              Need::required);
    set.flag({.name = "--password-stdin",
              .help = "read the password from standard input; one newline at its end is dropped"},
             options.password_from_stdin);
    set.group("Registry");
    set.flag({.name = "--plain-http",
              .help = "speak http without TLS; a password is sent over it on this machine only"},
             options.plain_http);
}

void add_logout_options(OptionSet& set, LogoutOptions& options) {
    set.positional(kRegistry, options.registry);
}

} // namespace

Subcommand login_command() {
    return make_subcommand(kLoginDoc, &add_login_options, &run_login);
}

Subcommand logout_command() {
    return make_subcommand(kLogoutDoc, &add_logout_options, &run_logout);
}

} // namespace bulla::cli::oci
