// SPDX-License-Identifier: Apache-2.0
#include "base/io/file.hpp"
#include "oci/store/login_file.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_dir.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <thread>
#include <vector>

namespace bulla::oci {
namespace {

using test::error_of;
using test::TempDir;
using test::value_of;

Login login(std::string user, std::string password) {
    Login out;
    out.username = std::move(user);
    out.password = http::Credential(std::move(password));
    return out;
}

std::string text_of(const std::string& path) {
    return value_of(read_file(path, 1 << 20));
}

unsigned mode_of(const std::string& path) {
    struct stat info{};
    REQUIRE(stat(path.c_str(), &info) == 0);
    return info.st_mode & 07777U;
}

std::string user_in(const std::string& path, std::string_view registry) {
    const auto source = make_credential_source({.files = {path}}, nullptr);
    return value_of(source->find(registry, "app", Access::push)).username;
}

/// A program docker-credential-test on PATH that keeps one secret in a file, as pass does.
class Helper {
  public:
    Helper() : before_(std::getenv("PATH")) {
        const std::string script =
            "#!/bin/sh\ncd \"$(dirname \"$0\")\"\ncase $1 in\n"
            "store) cat > secret;;\n"
            "get) [ -e secret ] && cat secret || { echo credentials not found; exit 1; };;\n"
            "erase) cat > erased; rm -f secret;;\nesac\n";
        value_of(write_file_atomically(
            folder.file("docker-credential-test"), script, Durability::relaxed, 0755));
        setenv("PATH", (folder.path() + ":" + before_).c_str(), 1);
    }

    ~Helper() { setenv("PATH", before_.c_str(), 1); }

    Helper(const Helper&) = delete;
    Helper& operator=(const Helper&) = delete;

    TempDir folder{};

  private:
    std::string before_;
};

TEST_CASE("login file: it is made with its folder, for its owner alone", "[oci][credentials]") {
    const TempDir dir;
    const std::string path = dir.file("new/docker/config.json");
    const LoginPlace place = value_of(store_login(path, "r.example", login("me", "a:b")));
    CHECK(place.file == path);
    CHECK(place.helper.empty());
    CHECK(mode_of(path) == 0600);
    CHECK(mode_of(dir.file("new/docker")) == 0700);
    CHECK(user_in(path, "r.example") == "me");
}

TEST_CASE("login file: one that others could read is closed to them", "[oci][credentials]") {
    const TempDir dir;
    value_of(write_file_atomically(dir.file("c"), "{}", Durability::relaxed, 0644));
    value_of(store_login(dir.file("c"), "r.example", login("me", "pw")));
    CHECK(mode_of(dir.file("c")) == 0600);
}

TEST_CASE("login file: a symbolic link stays, and its target changes", "[oci][credentials]") {
    const TempDir dir;
    std::filesystem::create_directory(dir.file("real"));
    std::filesystem::create_symlink("real/config.json", dir.file("link"));
    value_of(store_login(dir.file("link"), "r.example", login("me", "pw"))); // dangling
    CHECK(std::filesystem::is_symlink(dir.file("link")));
    CHECK(user_in(dir.file("real/config.json"), "r.example") == "me");
    value_of(store_login(dir.file("link"), "b.example", login("b", "pw")));
    CHECK(std::filesystem::is_symlink(dir.file("link")));
    CHECK(user_in(dir.file("real/config.json"), "r.example") == "me");
    std::filesystem::create_symlink("loop", dir.file("loop"));
    CHECK(error_of(store_login(dir.file("loop"), "r.example", login("me", "pw"))).code ==
          ErrorCode::io);
}

TEST_CASE("login file: writers at the same moment do not lose each other's logins",
          "[oci][credentials]") {
    const TempDir dir;
    const std::string path = dir.file("config.json");
    std::vector<std::thread> writers;
    for (int i = 0; i < 8; ++i) {
        writers.emplace_back([&path, i] {
            const std::string name = "r" + std::to_string(i) + ".example";
            static_cast<void>(store_login(path, name, login("u" + std::to_string(i), "pw")));
        });
    }
    for (auto& writer : writers) {
        writer.join();
    }
    for (int i = 0; i < 8; ++i) {
        CHECK(user_in(path, "r" + std::to_string(i) + ".example") == "u" + std::to_string(i));
    }
}

TEST_CASE("login file: logging out removes one entry", "[oci][credentials]") {
    const TempDir dir;
    const std::string path = dir.file("config.json");
    CHECK_FALSE(value_of(erase_login(path, "r.example")).had_entry);
    CHECK_FALSE(value_of(erase_login(dir.file("no/such/config.json"), "r.example")).had_entry);
    CHECK_FALSE(std::filesystem::exists(path));
    value_of(store_login(path, "r.example", login("me", "pw")));
    value_of(store_login(path, "b.example", login("b", "pw")));
    CHECK(value_of(erase_login(path, "r.example")).had_entry);
    CHECK(user_in(path, "r.example").empty());
    CHECK(user_in(path, "b.example") == "b");
    CHECK_FALSE(value_of(erase_login(path, "r.example")).had_entry);
}

TEST_CASE("login file: a damaged entry can be replaced and removed", "[oci][credentials]") {
    const TempDir dir;
    const std::string path = dir.file("c");
    const std::string damaged = R"({"auths":{"r.example":{"auth":"?"}}})";
    value_of(write_file_atomically(path, damaged));
    value_of(store_login(path, "r.example", login("me", "pw")));
    CHECK(user_in(path, "r.example") == "me");
    value_of(write_file_atomically(path, damaged));
    CHECK(value_of(erase_login(path, "r.example")).had_entry);
    CHECK(text_of(path) == R"({"auths":{}})");
}

TEST_CASE("login file: a damaged file is not replaced", "[oci][credentials]") {
    const TempDir dir;
    value_of(write_file_atomically(dir.file("c"), "{\"auths\":"));
    CHECK(error_of(store_login(dir.file("c"), "r.example", login("me", "pw"))).code ==
          ErrorCode::configuration);
    CHECK(error_of(erase_login(dir.file("c"), "r.example")).code == ErrorCode::configuration);
    CHECK(text_of(dir.file("c")) == "{\"auths\":");
}

TEST_CASE("login file: a configured helper keeps the secret, and the file does not",
          "[oci][credentials]") {
    const Helper helper;
    const TempDir dir;
    const std::string path = dir.file("config.json");
    value_of(write_file_atomically(
        path, R"({"auths":{"r.example":{"auth":"b2xkOnB3"}},"credHelpers":{"r.example":"test"}})"));
    const LoginPlace place = value_of(store_login(path, "r.example", login("me", "p\"w")));
    CHECK(place.helper == "docker-credential-test");
    CHECK(text_of(path) == R"({"auths":{"r.example":{}},"credHelpers":{"r.example":"test"}})");
    CHECK(text_of(helper.folder.file("secret")) ==
          R"({"ServerURL":"r.example","Username":"me","Secret":"p\"w"})");
    CHECK(user_in(path, "r.example") == "me");
    CHECK(value_of(erase_login(path, "r.example")).had_entry);
    CHECK(text_of(helper.folder.file("erased")) == "r.example");
    CHECK(text_of(path) == R"({"auths":{},"credHelpers":{"r.example":"test"}})");
    CHECK_FALSE(value_of(erase_login(path, "r.example")).had_entry);
}

TEST_CASE("login file: a helper that fails leaves the file alone and the secret unsaid",
          "[oci][credentials]") {
    const Helper helper;
    const TempDir dir;
    const std::string path = dir.file("config.json");
    const std::string config = R"({"auths":{"r.example":{"auth":"b2xkOnB3"}},"credsStore":"test"})";
    value_of(write_file_atomically(path, config));
    value_of(write_file_atomically(helper.folder.file("docker-credential-test"),
                                   "#!/bin/sh\ncat; exit 3\n"));
    const Error error = error_of(store_login(path, "r.example", login("me", "s3cret")));
    CHECK(error.code == ErrorCode::configuration);
    CHECK(error.message.find("exit code 3") != std::string::npos);
    CHECK(error.message.find("s3cret") == std::string::npos);
    CHECK(text_of(path) == config);
    value_of(write_file_atomically(path, R"({"credsStore":"absent"})"));
    CHECK(
        error_of(store_login(path, "r.example", login("me", "pw"))).message.find("not installed") !=
        std::string::npos);
}

} // namespace
} // namespace bulla::oci
