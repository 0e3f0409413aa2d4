// SPDX-License-Identifier: Apache-2.0
#include "base/io/file.hpp"
#include "cli/common/password.hpp"
#include "tests/support/catch.hpp"

#include <fcntl.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <thread>

namespace bulla::cli {

namespace {

/// A terminal whose other end the test holds.
struct Terminal {
    FileDescriptor user{::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC)};
    std::string path;
    FileDescriptor program;

    Terminal() {
        ::grantpt(user.value());
        ::unlockpt(user.value());
        path = ::ptsname(user.value());
        program.reset(::open(path.c_str(), O_RDWR | O_NOCTTY | O_CLOEXEC));
    }

    bool echoes() const {
        termios settings{};
        ::tcgetattr(program.value(), &settings);
        return (settings.c_lflag & ECHO) != 0;
    }

    /// What the program wrote up to and including `end`.
    std::string shown_until(std::string_view end) const {
        std::string shown;
        char c = 0;
        while (!shown.ends_with(end) && ::read(user.value(), &c, 1) == 1) {
            shown += c;
        }
        return shown;
    }

    /// Types lines, each when its prompt has come.
    Result<Password> type(const std::array<std::string, 2>& lines, std::string& shown) {
        bool echoed = false;
        std::thread fingers([&] {
            for (const auto& line : lines) {
                shown += shown_until(": ");
                echoed = echoed || echoes();
                (void)write_all(user.value(), line + "\n");
            }
            shown += shown_until("\n");
        });
        auto password =
            read_password("Password: ", PasswordUse::create, {program.value(), path.c_str()});
        fingers.join();
        CHECK_FALSE(echoed);
        CHECK(echoes());
        return password;
    }
};

} // namespace

TEST_CASE("password: typed twice on a terminal that shows nothing of it", "[cli][password]") {
    Terminal terminal;
    std::string shown;
    const auto password = test::value_of(terminal.type({"s3 cret", "s3 cret"}, shown));
    CHECK(password.reveal_secret() == "s3 cret");
    CHECK_THAT(shown, Catch::StartsWith("Password: "));
    CHECK(shown.find("cret") == std::string::npos);
}

TEST_CASE("password: two that differ are refused", "[cli][password]") {
    Terminal terminal;
    std::string shown;
    const auto error = test::error_of(terminal.type({"one", "two"}, shown));
    CHECK(error.code == ErrorCode::configuration);
    CHECK(error.message == "the two passwords differ");
}

TEST_CASE("password: a moved one is empty", "[cli][password]") {
    Password first("secret");
    const Password second = std::move(first);
    CHECK(first.empty()); // NOLINT(bugprone-use-after-move): the point of the test
    CHECK(second.reveal_secret() == "secret");
}

TEST_CASE("login password: one line end of standard input is no part of it", "[cli][password]") {
    struct Case {
        const char* given;
        const char* password; ///< nullptr: refused
    };

    for (const Case& c : {Case{"pw", "pw"},
                          Case{"pw\n", "pw"},
                          Case{"pw\r\n", "pw"},
                          Case{" a:b \n\n", " a:b \n"},
                          Case{"\n", nullptr},
                          Case{"", nullptr}}) {
        CAPTURE(c.given);
        const FileDescriptor input(test::value_of(make_unlinked_file()));
        test::value_of(write_all(input.value(), c.given));
        REQUIRE(::lseek(input.value(), 0, SEEK_SET) == 0);
        const auto password = read_login_password(
            "", PasswordFrom::standard_input, {.standard_input = input.value()});
        REQUIRE(password.has_value() == (c.password != nullptr));
        if (c.password != nullptr) {
            CHECK(password->reveal_secret() == c.password);
        } else {
            CHECK(password.error().code == ErrorCode::configuration);
        }
    }
}

TEST_CASE("login password: the password for a key never goes to a registry", "[cli][password]") {
    ::setenv("BULLA_PASSWORD", "for-keys", 1);
    ::setenv("COSIGN_PASSWORD", "for-keys", 1);
    auto password = read_login_password("", PasswordFrom::terminal, {.terminal = "/nonexistent"});
    ::unsetenv("BULLA_PASSWORD");
    ::unsetenv("COSIGN_PASSWORD");
    const auto error = test::error_of(std::move(password));
    CHECK(error.code == ErrorCode::configuration);
    CHECK_THAT(error.hint, Catch::Contains("--password-stdin"));
}

} // namespace bulla::cli
