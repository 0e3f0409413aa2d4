// SPDX-License-Identifier: Apache-2.0
#include "oci/store/credentials.hpp"

#include "base/core/text.hpp"
#include "base/io/file.hpp"
#include "oci/store/credential_file.hpp"
#include "oci/store/credential_helper.hpp"

#include <cstdlib>
#include <map>
#include <mutex>

namespace bulla::oci {

namespace {

std::optional<std::string> variable(const char* name) {
    const char* const value = std::getenv(name);
    return value != nullptr && *value != '\0' ? std::optional<std::string>(value) : std::nullopt;
}

class FileCredentials final : public CredentialSource {
  public:
    FileCredentials(CredentialPlaces places, Logger* logger)
        : places_(std::move(places)), logger_(logger) {}

    Result<Login>
    find(std::string_view registry, std::string_view repository, Access access) override;
    std::string places() const override;

  private:
    Result<Login> look_up(std::string_view registry, std::string_view repository, Access access);
    Result<std::optional<Login>> ask(ByteView json,
                                     std::string_view what,
                                     std::string_view registry,
                                     std::string_view repository,
                                     Access access);
    Result<std::optional<Login>>
    ask_helper(const std::string& suffix, const std::string& server, Access access);

    CredentialPlaces places_;
    Logger* logger_;
    std::mutex mutex_;
    std::map<std::string, Login, std::less<>> known_; ///< by "registry/repository"
};

Result<Login>
FileCredentials::find(std::string_view registry, std::string_view repository, Access access) {
    // Held while a helper runs: two helpers at once would ask a person twice.
    const std::lock_guard lock(mutex_);
    const std::string key = std::string(registry) + "/" + std::string(repository) +
                            (access == Access::push ? " push" : "");
    if (const auto found = known_.find(key); found != known_.end()) {
        return found->second;
    }
    BULLA_TRY_ASSIGN(Login login, look_up(registry, repository, access));
    known_.emplace(key, login);
    return login;
}

Result<Login>
FileCredentials::look_up(std::string_view registry, std::string_view repository, Access access) {
    std::vector<std::pair<std::string, bool>> files; // path, must exist
    if (places_.required_file) {
        files.emplace_back(*places_.required_file, true);
    }
    for (const std::string& path : places_.files) {
        files.emplace_back(path, false);
    }
    const auto ask_content = [&]() -> Result<std::optional<Login>> {
        if (!places_.content) {
            return std::optional<Login>();
        }
        return ask(*places_.content, "DOCKER_AUTH_CONFIG", registry, repository, access);
    };
    if (!places_.required_file) {
        BULLA_TRY_ASSIGN(auto login, ask_content());
        if (login) {
            return *login;
        }
    }
    for (const auto& [path, required] : files) {
        auto json = read_file(path, limits::kCredentialBytes);
        if (!json && json.error().code == ErrorCode::not_found && !required) {
            continue;
        }
        if (!json) {
            Error error = std::move(json.error());
            error.code = ErrorCode::configuration;
            return error;
        }
        BULLA_TRY_ASSIGN(
            auto login,
            ask(*json, "\"" + text::printable(path) + "\"", registry, repository, access));
        if (!login && required) {
            BULLA_TRY_ASSIGN(login, ask_content());
        }
        if (login) {
            return *login;
        }
    }
    return Login();
}

Result<std::optional<Login>> FileCredentials::ask(ByteView json,
                                                  std::string_view what,
                                                  std::string_view registry,
                                                  std::string_view repository,
                                                  Access access) {
    BULLA_TRY_ASSIGN(CredentialAnswer answer, find_in_config(json, registry, repository, what));
    for (const std::string& suffix : {answer.helper, answer.store}) {
        if (!suffix.empty()) {
            BULLA_TRY_ASSIGN(auto login, ask_helper(suffix, answer.server, access));
            if (login) {
                return login;
            }
        }
    }
    return std::move(answer.login);
}

Result<std::optional<Login>>
FileCredentials::ask_helper(const std::string& suffix, const std::string& server, Access access) {
    auto login = run_credential_helper(suffix, server);
    if (login) {
        return login;
    }
    // Reading works without credentials more often than not; a push never does.
    if (access == Access::push) {
        Error error = std::move(login.error());
        error.code = ErrorCode::configuration;
        if (error.hint.empty()) {
            error.hint = "install docker-credential-" + suffix +
                         ", or remove it from the credential configuration";
        }
        return error;
    }
    if (logger_ != nullptr) {
        logger_->warning(login.error().message + "; going on without credentials",
                         {{"server", text::printable(server)}});
    }
    return std::optional<Login>();
}

std::string FileCredentials::places() const {
    std::string out;
    const auto add = [&](const std::string& place) { out += (out.empty() ? "" : ", ") + place; };
    if (places_.required_file) {
        add(text::printable(*places_.required_file));
    }
    if (places_.content) {
        add("DOCKER_AUTH_CONFIG");
    }
    for (const std::string& file : places_.files) {
        add(text::printable(file));
    }
    return out;
}

class Anonymous final : public CredentialSource {
  public:
    Result<Login> find(std::string_view, std::string_view, Access) override { return Login(); }

    std::string places() const override { return {}; }
};

} // namespace

CredentialPlaces CredentialPlaces::from_environment() {
    CredentialPlaces out;
    const auto home = variable("HOME");
    out.required_file = variable("REGISTRY_AUTH_FILE");
    out.content = variable("DOCKER_AUTH_CONFIG");
    if (const auto folder = variable("DOCKER_CONFIG")) {
        out.files.push_back(*folder + "/config.json");
    } else if (home) {
        out.files.push_back(*home + "/.docker/config.json");
    }
    out.written_file = out.required_file;
    if (!out.written_file && !out.files.empty()) {
        out.written_file = out.files.front();
    }
    if (const auto runtime = variable("XDG_RUNTIME_DIR")) {
        out.files.push_back(*runtime + "/containers/auth.json");
    }
    if (const auto config = variable("XDG_CONFIG_HOME")) {
        out.files.push_back(*config + "/containers/auth.json");
    } else if (home) {
        out.files.push_back(*home + "/.config/containers/auth.json");
    }
    return out;
}

std::unique_ptr<CredentialSource> make_credential_source(CredentialPlaces places, Logger* logger) {
    return std::make_unique<FileCredentials>(std::move(places), logger);
}

std::unique_ptr<CredentialSource> make_anonymous_source() {
    return std::make_unique<Anonymous>();
}

} // namespace bulla::oci
