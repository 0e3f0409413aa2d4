// SPDX-License-Identifier: Apache-2.0
#include "base/io/file.hpp"
#include "cli/common/version.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/run_program.hpp"
#include "tests/support/temp_dir.hpp"

#include <sys/stat.h>

#include <filesystem>

namespace bulla::cli {

namespace {

using test::run_shell;

/// A folder with bulla and a step that prints its words.
struct Installed {
    test::TempDir folder;
    std::string program = folder.file("bulla");

    Installed() { std::filesystem::copy_file(BULLA_PROGRAM, program); }

    void add_step(const std::string& path) const {
        test::value_of(write_file_atomically(
            path, "#!/bin/sh\nfor word; do printf '<%s>' \"$word\"; done\nexit 7\n"));
        REQUIRE(::chmod(path.c_str(), 0755) == 0);
    }
};

} // namespace

TEST_CASE("bulla: a step gets its words untouched and its exit code is the answer",
          "[cli][bulla]") {
    const Installed installed;
    installed.add_step(installed.folder.file("bulla-oci"));
    const auto ended =
        run_shell(installed.program + " oci --help --version '' 'a b' -- -o json 'x=\xFF'");
    CHECK(ended.out == "<--help><--version><><a b><--><-o><json><x=\xFF>");
    CHECK(ended.exit == 7);
    CHECK(run_shell(installed.program + " help oci").out == "<--help>");
}

TEST_CASE("bulla: the step beside it wins over PATH, and any step in PATH is found",
          "[cli][bulla]") {
    const Installed installed;
    const test::TempDir other;
    installed.add_step(other.file("bulla-extra"));
    CHECK(run_shell("PATH=" + other.path() + "; " + installed.program + " extra 1").out == "<1>");
    CHECK(run_shell("cd " + other.path() + "; PATH=:.; " + installed.program + " extra 1").exit ==
          2);
}

TEST_CASE("bulla: an unknown step, a bad name and no step are exit 2", "[cli][bulla]") {
    const Installed installed;
    CHECK_THAT(run_shell(installed.program + " sgin").err,
               Catch::Contains("did you mean `bulla sign`?"));
    CHECK_THAT(run_shell(installed.program + " sign").err,
               Catch::Contains("bulla-sign is not installed"));
    for (const char* const word : {"sgin", "sign", "../x", "''", "-x", "help sgin"}) {
        CAPTURE(word);
        const auto ended = run_shell("PATH=/nowhere " + installed.program + " " + word);
        CHECK(ended.exit == 2);
        CHECK(ended.out.empty());
    }
    CHECK(run_shell(installed.program).exit == 2);
}

TEST_CASE("bulla: --version and --help", "[cli][bulla]") {
    const std::string version = std::string("bulla ") + kVersionText + "\n";
    CHECK(run_shell(BULLA_PROGRAM " --version").out == version);
    CHECK(run_shell(BULLA_PROGRAM " version").out == version);
    const auto help = run_shell(BULLA_PROGRAM " --help");
    CHECK(help.exit == 0);
    CHECK(help.out.find("Examples:") < help.out.find("Usage:"));
    CHECK(run_shell(BULLA_PROGRAM " --version >/dev/full").exit == 3);
}

} // namespace bulla::cli
