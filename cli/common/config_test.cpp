// SPDX-License-Identifier: Apache-2.0
#include "base/io/file.hpp"
#include "cli/common/common_options.hpp"
#include "cli/common/config.hpp"
#include "cli/common/config_keys.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_dir.hpp"

#include <array>
#include <cstdlib>

namespace bulla::cli {

namespace {

constexpr std::array<std::string_view, 2> kCommands{"copy", "db import"};

/// An environment variable of one test.
class Variable {
  public:
    Variable(const char* name, const std::string& value) : name_(name) {
        if (const char* const old = std::getenv(name)) {
            old_ = old;
        }
        ::setenv(name, value.c_str(), 1);
    }

    Variable(const Variable&) = delete;
    Variable& operator=(const Variable&) = delete;

    ~Variable() {
        if (old_) {
            ::setenv(name_, old_->c_str(), 1);
        } else {
            ::unsetenv(name_);
        }
    }

  private:
    const char* name_;
    std::optional<std::string> old_;
};

/// A command with the common options, one that only a named file may set, and one of each arity.
struct Sample {
    CommonOptions common;
    RegistryOptions registry;
    std::vector<std::string> keys;
    OptionSet set;

    Sample() {
        set.list({.name = "--key", .placeholder = "KEY", .help = "key"}, keys, Need::required);
        add_registry_options(set, registry);
        add_common_options(set, common);
    }

    Result<OptionSet::Outcome> parse(const std::vector<std::string>& words,
                                     std::string_view text,
                                     std::string_view command = "copy",
                                     ConfigFile::Origin origin = ConfigFile::Origin::named) {
        return set.parse(words, [&] {
            return settings_of(text, {"/c.toml", origin}, {"bulla-oci", command, kCommands}, set);
        });
    }
};

std::string jobs_with(std::string_view text, std::string_view command = "copy") {
    Sample sample;
    test::value_of(sample.parse({"--key=k"}, text, command));
    return sample.registry.jobs ? std::to_string(*sample.registry.jobs) : "none";
}

Error refused(std::string_view text, ConfigFile::Origin origin = ConfigFile::Origin::named) {
    Sample sample;
    auto error = test::error_of(sample.parse({"--key=k"}, text, "copy", origin));
    CHECK(error.code == ErrorCode::usage);
    return error;
}

} // namespace

TEST_CASE("config: the narrowest table wins, and tables of others are passed over",
          "[cli][config]") {
    CHECK(jobs_with("jobs = 2") == "2");
    CHECK(jobs_with("jobs = 2\n[bulla-oci]\njobs = 3") == "3");
    CHECK(jobs_with("jobs = 2\n[bulla-oci]\njobs = 3\n[bulla-oci.copy]\njobs = 4") == "4");
    CHECK(jobs_with("[bulla-oci.copy]\njobs = 4\n[bulla-oci]\njobs = 3") == "4");
    CHECK(jobs_with("[bulla-oci.db.import]\njobs = 5\n[bulla-sbom.create]\njobs = 6") == "none");
    CHECK(jobs_with("[bulla-oci.db.import]\njobs = 5", "db import") == "5");
    CHECK(jobs_with("[\"bulla-oci\".\"db import\"]\njobs = 5", "db import") == "5");
    CHECK(jobs_with("strict = true") == "none"); // an option of other commands
}

TEST_CASE("config: the command line and the environment come before the file", "[cli][config]") {
    const std::string text = "log-format = \"json\"\njobs = 2\nkey = [\"/a\", \"env://B\"]";
    {
        Sample sample;
        test::value_of(sample.parse({}, text));
        CHECK(sample.common.log_format == LogFormat::json);
        CHECK(sample.keys == std::vector<std::string>{"/a", "env://B"});
        CHECK_FALSE(sample.set.given("--key"));
    }
    Sample sample;
    const Variable format("BULLA_LOG_FORMAT", "text");
    test::value_of(sample.parse({"--key", "c", "--jobs", "9"}, text));
    CHECK(sample.common.log_format == LogFormat::text);
    CHECK(sample.registry.jobs == 9U);
    CHECK(sample.keys == std::vector<std::string>{"c"});
}

TEST_CASE("config: what contradicts the command line yields to it", "[cli][config]") {
    Sample sample;
    test::value_of(
        sample.parse({"--key=k", "--no-cache", "-v"}, "cache-dir = \"/c\"\nquiet = true"));
    CHECK(sample.common.no_cache);
    CHECK_FALSE(sample.common.cache_dir);
    CHECK_FALSE(sample.common.quiet);
    CHECK(refused("cache-dir = \"/c\"\nno-cache = true").where == "/c.toml:2:12");

    Sample plain;
    test::value_of(plain.parse({"--key=k", "--progress=plain"}, "quiet = true"));
    test::value_of(check(plain.common, plain.set));
    CHECK_FALSE(plain.common.quiet);
    Sample quiet;
    test::value_of(quiet.parse({"--key=k", "-q"}, "progress = \"plain\""));
    test::value_of(check(quiet.common, quiet.set));
    CHECK(quiet.common.progress == ProgressStyle::none);
    Sample both;
    test::value_of(both.parse({"--key=k", "-q", "--progress=plain"}, ""));
    CHECK_FALSE(check(both.common, both.set));
}

TEST_CASE("config: false and zero are as if nothing was said", "[cli][config]") {
    Sample sample;
    test::value_of(sample.parse({"--key=k"},
                                "offline = true\nverbose = 2\n[bulla-oci.copy]\n"
                                "offline = false\nverbose = 0"));
    CHECK_FALSE(sample.common.offline);
    CHECK(sample.common.verbose == 0);
    Sample verbose;
    test::value_of(verbose.parse({"--key=k"}, "verbose = 2\noffline = true"));
    CHECK(verbose.common.verbose == 2);
    CHECK(verbose.common.offline);
}

TEST_CASE("config: an unknown name is an error with its place and the nearest name",
          "[cli][config]") {
    const auto key = refused("jobs = 1\n  tiemout = \"3s\"");
    CHECK(key.message == "unknown setting \"tiemout\" in the config file");
    CHECK(key.where == "/c.toml:2:3");
    CHECK(key.hint == "did you mean `timeout`?");
    // Also where it would not be for this command.
    CHECK(refused("[bulla-sbom.create]\nstirct = true").hint == "did you mean `strict`?");
    CHECK(refused("[bulla-ocl]\njobs = 1").hint == "did you mean `bulla-oci`?");
    CHECK(refused("[bulla-oci.cpoy]\njobs = 1").hint == "did you mean `copy`?");
    CHECK(refused("[bulla-oci.db]\njobs = 1").message ==
          "unknown command of bulla-oci \"db\" in the config file");
    CHECK(refused("[bulla-oci.copy]\nstrict = true").message ==
          "bulla-oci copy has no option --strict");
}

TEST_CASE("config: a value of the wrong kind is an error with its place", "[cli][config]") {
    CHECK(refused("offline = \"yes\"").message ==
          "offline: expected true or false, found a string");
    CHECK(refused("\ntimeout = 30").where == "/c.toml:2:1");
    for (const std::string_view text : {"timeout = 30",
                                        "timeout = [\"3s\"]",
                                        "timeout = \"\"",
                                        "jobs = \"4\"",
                                        "jobs = 4.0",
                                        "verbose = true",
                                        "verbose = -1",
                                        "verbose = 10",
                                        "offline = 1",
                                        "key = [1]",
                                        "key = [[\"/a\"]]",
                                        "[[bulla-oci]]\njobs = 1",
                                        "[jobs]\nx = 1"}) {
        CAPTURE(text);
        CHECK_FALSE(refused(text).where.empty());
    }
    const auto choice = refused("color = \"red\"");
    CHECK(choice.message == "--color: expected one of auto|always|never, found \"red\"");
    CHECK(choice.where == "/c.toml:1:9");
    CHECK(refused("timeout = \"never\"").where == "/c.toml:1:11");
    CHECK(refused("jobs =").where == "/c.toml:1:7");
}

TEST_CASE("config: a file that nobody named sets nothing that changes an answer",
          "[cli][config][security]") {
    for (const std::string_view text : {"key = \"/k\"",
                                        "plain-http = true",
                                        "platform = \"linux/arm64\"",
                                        "[bulla-verify]\nkey = [\"/k\"]"}) {
        CAPTURE(text);
        CHECK_THAT(refused(text, ConfigFile::Origin::implicit).message,
                   Catch::Contains("that nobody named"));
        Sample sample;
        CHECK(sample.parse({"--key=k"}, text));
    }
    Sample sample;
    test::value_of(sample.parse(
        {"--key=k"}, "offline = true\njobs = 2", "copy", ConfigFile::Origin::implicit));
    CHECK(sample.common.offline);
}

TEST_CASE("config: what one run is about is in no file", "[cli][config][security]") {
    for (const std::string_view text : {"output = \"json\"",
                                        "config = \"/x\"",
                                        "help = true",
                                        "force = true",
                                        "bundle = \"b\""}) {
        CAPTURE(text);
        CHECK_THAT(refused(text).message, Catch::Contains("is not taken from a config file"));
    }
    CHECK(find_config_key("insecure-anything") == nullptr);
    CHECK_THAT(refused("IMAGE = \"x\"").message, Catch::Contains("unknown setting"));
}

TEST_CASE("config: a relative path would depend on the working folder", "[cli][config][security]") {
    for (const std::string_view text : {"cache-dir = \"cache\"", "key = [\"/a\", \"b.pub\"]"}) {
        CAPTURE(text);
        CHECK_THAT(refused(text).message, Catch::Contains("expected a path from the root"));
    }
}

TEST_CASE("config: the file is that of the user, or the one named", "[cli][config]") {
    const test::TempDir home;
    const Variable variable("HOME", home.path());
    {
        const Variable xdg("XDG_CONFIG_HOME", "relative");
        CHECK(find_config({})->path == home.file(".config/bulla/config.toml"));
    }
    const Variable xdg("XDG_CONFIG_HOME", home.path());
    CHECK(find_config({})->path == home.file("bulla/config.toml"));
    CHECK(find_config("x.toml")->origin == ConfigFile::Origin::named);

    Sample sample;
    const ConfigScope scope{"bulla-oci", "copy", kCommands};
    CHECK(test::value_of(read_settings({}, scope, sample.set)).empty());
    CHECK(test::value_of(read_settings("/dev/null", scope, sample.set)).empty());
    const auto missing = test::error_of(read_settings(home.file("none"), scope, sample.set));
    CHECK(missing.code == ErrorCode::usage);
}

TEST_CASE("config: a file without end is not read", "[cli][config][security]") {
    Sample sample;
    const auto endless =
        test::error_of(read_settings("/dev/zero", {"bulla-oci", "copy", kCommands}, sample.set));
    CHECK(endless.code == ErrorCode::usage);
    CHECK_THAT(endless.message, Catch::Contains("65536"));
}

} // namespace bulla::cli
