// SPDX-License-Identifier: Apache-2.0
#include "base/core/text.hpp"
#include "oci/store/credential_file.hpp"
#include "oci/store/credential_helper.hpp"
#include "oci/store/credentials.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_dir.hpp"

#include <sys/stat.h>

#include <cstdlib>
#include <fstream>

namespace bulla::oci {
namespace {

using test::error_of;
using test::TempDir;
using test::value_of;

std::string auth(std::string_view pair) {
    return R"({"auth":")" + text::to_base64(pair) + R"("})";
}

std::string auths(std::string_view key, std::string_view pair) {
    return R"({"auths":{")" + std::string(key) + "\":" + auth(pair) + "}}";
}

std::string
user_for(std::string_view json, std::string_view registry, std::string_view repository) {
    const CredentialAnswer answer = value_of(find_in_config(json, registry, repository, "it"));
    return answer.login ? answer.login->username : std::string("none");
}

TEST_CASE("credentials: keys are hosts or URLs, with the aliases of Docker Hub",
          "[oci][credentials]") {
    for (const char* key : {"registry.example:5000",
                            "https://registry.example:5000",
                            "http://registry.example:5000/v1/",
                            "registry.example:5000/v2/",
                            "Registry.Example:5000"}) {
        CAPTURE(key);
        CHECK(user_for(auths(key, "me:pw"), "registry.example:5000", "app") == "me");
        CHECK(user_for(auths(key, "me:pw"), "registry.example", "app") == "none");
    }
    for (const char* key :
         {"https://index.docker.io/v1/", "docker.io", "index.docker.io", "registry-1.docker.io"}) {
        CAPTURE(key);
        CHECK(user_for(auths(key, "me:pw"), "docker.io", "library/alpine") == "me");
    }
}

TEST_CASE("credentials: the longest namespace that covers the repository wins",
          "[oci][credentials]") {
    const std::string json = R"({"auths":{"r.example":)" + auth("all:x") + R"(,"r.example/team":)" +
                             auth("team:x") + R"(,"r.example/team/app":)" + auth("app:x") + "}}";
    CHECK(user_for(json, "r.example", "other") == "all");
    CHECK(user_for(json, "r.example", "team/x") == "team");
    CHECK(user_for(json, "r.example", "team/app") == "app");
    CHECK(user_for(json, "r.example", "team/app/sub") == "app");
    CHECK(user_for(json, "r.example", "teamster/x") == "all");
}

TEST_CASE("credentials: a password may hold colons and miss its padding", "[oci][credentials]") {
    const CredentialAnswer answer = value_of(
        find_in_config(R"({"auths":{"r.example":{"auth":"bWU6YTpi"}}})", "r.example", "a", "it"));
    CHECK(answer.login->password.reveal_secret() == "a:b");
    CHECK(user_for(R"({"auths":{"r.example":{"auth":"bWU6YQ"}}})", "r.example", "a") == "me");
}

TEST_CASE("credentials: an empty entry is none, and helpers are named", "[oci][credentials]") {
    const CredentialAnswer answer = value_of(find_in_config(
        R"({"auths":{"r.example":{}},"credsStore":"desktop","credHelpers":{"ecr.example":"ecr-login"}})",
        "r.example",
        "a",
        "it"));
    CHECK_FALSE(answer.login.has_value());
    CHECK(answer.store == "desktop");
    CHECK(answer.helper.empty());
}

TEST_CASE("credentials: damaged files say so without their content", "[oci][credentials]") {
    for (const char* json : {"",
                             "[]",
                             "{",
                             R"({"auths":{"r.example":{"auth":"%%%secret"}}})",
                             R"({"auths":{"r.example":{"auth":"bWU="}}})"}) {
        CAPTURE(json);
        const Error error = error_of(find_in_config(json, "r.example", "a", "it"));
        CHECK(error.code == ErrorCode::configuration);
        CHECK(error.message.find("secret") == std::string::npos);
    }
}

TEST_CASE("credentials: a helper name that is a path is refused", "[oci][credentials]") {
    for (const char* name : {"../evil", "a/b", "a b", "a;b"}) {
        CAPTURE(name);
        CHECK(error_of(
                  find_in_config(
                      R"({"credsStore":")" + std::string(name) + R"("})", "r.example", "a", "it"))
                  .code == ErrorCode::configuration);
    }
}

TEST_CASE("credentials: the first file that has an entry wins", "[oci][credentials]") {
    const TempDir dir;
    std::ofstream(dir.file("first")) << auths("other.example", "x:y");
    std::ofstream(dir.file("second")) << auths("r.example", "second:y");
    std::ofstream(dir.file("third")) << auths("r.example", "third:y");
    CredentialPlaces places;
    places.files = {dir.file("missing"), dir.file("first"), dir.file("second"), dir.file("third")};
    auto source = make_credential_source(places, nullptr);
    CHECK(value_of(source->find("r.example", "a", Access::pull)).username == "second");
    CHECK(value_of(source->find("none.example", "a", Access::pull)).empty());
    places.content = auths("r.example", "content:y");
    source = make_credential_source(places, nullptr);
    CHECK(value_of(source->find("r.example", "a", Access::pull)).username == "content");
    places.required_file = dir.file("third");
    source = make_credential_source(places, nullptr);
    CHECK(value_of(source->find("r.example", "a", Access::pull)).username == "third");
    places.required_file = dir.file("missing");
    source = make_credential_source(places, nullptr);
    CHECK(error_of(source->find("r.example", "a", Access::pull)).code == ErrorCode::configuration);
}

/// A folder with one credential helper in it, first in PATH while this lives.
class HelperFolder {
  public:
    explicit HelperFolder(const std::string& script) : path_(std::getenv("PATH")) {
        const std::string file = dir_.file("docker-credential-test");
        std::ofstream(file) << "#!/bin/sh\n" << script;
        chmod(file.c_str(), 0755);
        setenv("PATH", (dir_.path() + ":" + path_).c_str(), 1);
    }

    ~HelperFolder() { setenv("PATH", path_.c_str(), 1); }

    HelperFolder(const HelperFolder&) = delete;
    HelperFolder& operator=(const HelperFolder&) = delete;

  private:
    TempDir dir_;
    std::string path_;
};

TEST_CASE("credential helper: is asked on standard input and answers in JSON",
          "[oci][credentials]") {
    const HelperFolder helper(
        R"(read -r server; printf '{"Username":"%s","Secret":"%s"}' "$1" "$server")");
    const Login login = value_of(run_credential_helper("test", "r.example")).value();
    CHECK(login.username == "get");
    CHECK(login.password.reveal_secret() == "r.example");
}

TEST_CASE("credential helper: the user <token> is an identity token", "[oci][credentials]") {
    const HelperFolder helper(R"(cat >/dev/null; echo '{"Username":"<token>","Secret":"s"}')");
    const Login login = value_of(run_credential_helper("test", "r.example")).value();
    CHECK(login.identity_token.reveal_secret() == "s");
    CHECK(login.password.empty());
}

TEST_CASE("credential helper: not found is no login, failure and silence are errors",
          "[oci][credentials]") {
    {
        const HelperFolder helper("echo 'credentials not found in native keychain'; exit 1");
        CHECK_FALSE(value_of(run_credential_helper("test", "r.example")).has_value());
    }
    {
        const HelperFolder helper("echo secret; exit 3");
        const Error error = error_of(run_credential_helper("test", "r.example"));
        CHECK(error.code == ErrorCode::configuration);
        CHECK(error.message.find("secret") == std::string::npos);
    }
    {
        const HelperFolder helper("exec sleep 20");
        CHECK(error_of(run_credential_helper("test", "r.example", std::chrono::milliseconds(50)))
                  .code == ErrorCode::configuration);
    }
}

TEST_CASE("credential helper: one that is missing stops a push and not a pull",
          "[oci][credentials]") {
    CredentialPlaces places;
    places.content = R"({"credsStore":"is-not-installed"})";
    const auto source = make_credential_source(places, nullptr);
    CHECK(value_of(source->find("r.example", "a", Access::pull)).empty());
    const Error error = error_of(source->find("r.example", "a", Access::push));
    CHECK(error.code == ErrorCode::configuration);
    CHECK(error.message.find("docker-credential-is-not-installed") != std::string::npos);
}

} // namespace
} // namespace bulla::oci
