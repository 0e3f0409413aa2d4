// SPDX-License-Identifier: Apache-2.0
#include "base/core/text.hpp"
#include "cli/common/password.hpp"
#include "cli/images/image_access.hpp"
#include "cli/oci/login.hpp"
#include "oci/store/check_login.hpp"
#include "oci/store/login_file.hpp"

namespace bulla::cli::oci {

namespace {

namespace store = bulla::oci;

Result<std::string> file_of(const store::CredentialPlaces& places) {
    if (places.written_file) {
        return *places.written_file;
    }
    return Error{ErrorCode::configuration, "there is no place to keep a login in"}.with_hint(
        "set HOME, DOCKER_CONFIG or REGISTRY_AUTH_FILE");
}

Result<store::Login> ask_login(const LoginOptions& options) {
    // The colon ends the user name in what is sent and stored (RFC 7617 section 2).
    if (options.username.find(':') != std::string::npos) {
        return Error{ErrorCode::usage, "a user name cannot hold a colon"};
    }
    const auto from =
        options.password_from_stdin ? PasswordFrom::standard_input : PasswordFrom::terminal;
    BULLA_TRY_ASSIGN(const Password password,
                     read_login_password("password for " + text::printable(options.username) +
                                             " at " + text::printable(options.registry) + ": ",
                                         from));
    store::Login login;
    login.username = options.username;
    login.password = http::Credential(std::string(password.reveal_secret()));
    return login;
}

/// What comes before the file on every look-up would make the login seem lost.
void warn_of_precedence(const store::CredentialPlaces& places, Logger& logger) {
    if (places.content && !places.required_file) {
        logger.warning("DOCKER_AUTH_CONFIG is set, and what it says about a registry comes first");
    }
}

} // namespace

Result<ExitCode> run_login(const LoginOptions& options, Context& context) {
    BULLA_TRY_ASSIGN(const auto registry, store::Reference::parse_registry(options.registry));
    const auto places = store::CredentialPlaces::from_environment();
    BULLA_TRY_ASSIGN(const std::string file, file_of(places));
    BULLA_TRY_ASSIGN(const store::Login login, ask_login(options));
    const auto client = make_http_client(context);
    const auto nobody = store::make_anonymous_source();
    BULLA_TRY_ASSIGN(
        const auto check,
        store::check_login(registry,
                           login,
                           {.client = *client,
                            .credentials = *nobody,
                            .plain_http = options.plain_http ? store::PlainHttp::allowed
                                                             : store::PlainHttp::loopback_only,
                            .logger = &context.logger}));
    if (check == store::LoginCheck::not_asked) {
        context.logger.warning(registry.registry() +
                               " demands no login, so that the password could not be checked");
    }
    BULLA_TRY_ASSIGN(const auto place, store::store_login(file, registry.registry(), login));
    warn_of_precedence(places, context.logger);
    const std::string kept = place.helper.empty()
                                 ? "kept, not encrypted, in \"" + text::printable(place.file) + "\""
                                 : "kept by " + place.helper;
    context.logger.info("logged in to " + registry.registry() + " as " +
                        text::printable(login.username) + "; " + kept);
    return ExitCode::done;
}

Result<ExitCode> run_logout(const LogoutOptions& options, Context& context) {
    BULLA_TRY_ASSIGN(const auto registry, store::Reference::parse_registry(options.registry));
    const auto places = store::CredentialPlaces::from_environment();
    BULLA_TRY_ASSIGN(const std::string file, file_of(places));
    BULLA_TRY_ASSIGN(const auto place, store::erase_login(file, registry.registry()));
    context.logger.info(place.had_entry ? "logged out of " + registry.registry()
                                        : "there was no login for " + registry.registry() +
                                              " in \"" + text::printable(place.file) + "\"");
    warn_of_precedence(places, context.logger);
    return ExitCode::done;
}

} // namespace bulla::cli::oci
