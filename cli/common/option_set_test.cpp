// SPDX-License-Identifier: Apache-2.0
#include "cli/common/common_options.hpp"
#include "cli/common/option_set.hpp"
#include "tests/support/catch.hpp"

#include <cstdlib>

namespace bulla::cli {

namespace {

using Words = std::vector<std::string>;
enum class Shape { bundle, legacy };

/// A set with one option of each kind.
struct Sample {
    CommonOptions common;
    std::string key;
    std::vector<std::string> annotations;
    bool recursive = false;
    Shape shape = Shape::bundle;
    std::string image;
    std::vector<std::string> files;
    OptionSet set;

    Sample() {
        set.value({.name = "-k,--key", .placeholder = "FILE", .help = "key"}, key);
        set.list({.name = "-a,--annotation", .placeholder = "K=V", .help = "note"}, annotations);
        set.flag({.name = "-r,--recursive", .help = "children too"}, recursive);
        set.choice({.name = "--shape", .help = "shape"},
                   shape,
                   {{"bundle", Shape::bundle}, {"legacy", Shape::legacy}});
        set.positional({.name = "REF", .help = "image"}, image);
        set.positionals({.name = "FILE", .help = "files"}, files, 0, 2);
        add_common_options(set, common);
    }

    Result<OptionSet::Outcome> parse(const Words& words) { return set.parse(words); }

    Error fail(const Words& words) {
        auto error = test::error_of(set.parse(words));
        CHECK(error.code == ErrorCode::usage);
        return error;
    }
};

std::string message_of(const Words& words) {
    return Sample().fail(words).message;
}

} // namespace

TEST_CASE("options: a repeatable option takes one value per occurrence in every order",
          "[cli][options][regression]") {
    for (const Words& words : {Words{"-o", "json", "REF"},
                               Words{"REF", "-o", "json"},
                               Words{"--output", "json", "REF"},
                               Words{"--output=json", "REF"},
                               Words{"-ojson", "REF"}}) {
        CAPTURE(words);
        Sample sample;
        test::value_of(sample.parse(words));
        CHECK(sample.image == "REF");
        REQUIRE(sample.common.outputs.size() == 1);
        CHECK(sample.common.outputs[0].format == "json");
    }
    Sample sample;
    test::value_of(sample.parse({"-a", "x=1", "REF", "-a", "y=2", "F1", "-az=3", "F2"}));
    CHECK(sample.annotations == Words{"x=1", "y=2", "z=3"});
    CHECK(sample.image == "REF");
    CHECK(sample.files == Words{"F1", "F2"});
}

TEST_CASE("options: a single-value option given twice is an error, not last wins",
          "[cli][options]") {
    CHECK(message_of({"--key", "a", "-k", "b", "REF"}) ==
          "--key is given 2 times and takes one value");
}

TEST_CASE("options: a flag may be repeated and -vv counts", "[cli][options]") {
    Sample sample;
    test::value_of(sample.parse({"-r", "-r", "-vv", "-v", "REF"}));
    CHECK(sample.recursive);
    CHECK(sample.common.verbose == 3);
}

TEST_CASE("options: short flags join, and the last of them may take a value", "[cli][options]") {
    Sample sample;
    test::value_of(sample.parse({"-rvk", "FILE", "REF"}));
    CHECK(sample.recursive);
    CHECK(sample.common.verbose == 1);
    CHECK(sample.key == "FILE");
}

TEST_CASE("options: an empty value never swallows the next word", "[cli][options][regression]") {
    CHECK(message_of({"--key=", "REF"}) == "--key needs a value, found an empty one");
    CHECK(message_of({"--key", "", "REF"}) == "--key needs a value, found an empty one");
    CHECK(message_of({"-o", "", "REF"}) == "--output needs a value, found an empty one");
    CHECK(message_of({""}) == "argument REF is empty");
}

TEST_CASE("options: another option is not taken for a value", "[cli][options]") {
    const auto error = Sample().fail({"--key", "--recursive", "REF"});
    CHECK(error.message == "--key needs a value, found the option \"--recursive\"");
    CHECK(error.hint == "write `--key=--recursive` if that is the value");
    Sample sample;
    test::value_of(sample.parse({"--key=--recursive", "REF"}));
    CHECK(sample.key == "--recursive");
    CHECK_FALSE(sample.recursive);
}

TEST_CASE("options: a value may begin with a dash and hold any sign", "[cli][options]") {
    Sample sample;
    test::value_of(sample.parse({"--key", "-", "-a", "[a,b]", "-a", "a=b=c", "[x,y]", "-a", "--"}));
    CHECK(sample.key == "-");
    CHECK(sample.annotations == Words{"[a,b]", "a=b=c", "--"});
    CHECK(sample.image == "[x,y]");
}

TEST_CASE("options: a missing value is an error", "[cli][options]") {
    CHECK(message_of({"REF", "--key"}) == "--key needs a value: FILE");
    CHECK(message_of({"REF", "-rk"}) == "--key needs a value: FILE");
}

TEST_CASE("options: a flag takes no value", "[cli][options]") {
    CHECK(message_of({"REF", "--recursive=false"}) == "--recursive takes no value");
}

TEST_CASE("options: names are never abbreviated", "[cli][options]") {
    CHECK(message_of({"REF", "--recurs"}) == "unknown option \"--recurs\"");
    CHECK(message_of({"REF", "--KEY", "x"}) == "unknown option \"--KEY\"");
}

TEST_CASE("options: a mistyped name is answered with the near one", "[cli][options]") {
    const auto error = Sample().fail({"REF", "--ouput=json"});
    CHECK(error.message == "unknown option \"--ouput\"");
    CHECK(error.hint == "did you mean `--output`?");
    CHECK(Sample().fail({"REF", "--xyzzy"}).hint.empty());
    CHECK(message_of({"REF", "-x"}) == "unknown option \"-x\"");
    CHECK(message_of({"REF", "---"}) == "unknown option \"---\"");
}

TEST_CASE("options: everything behind -- is an argument", "[cli][options]") {
    Sample sample;
    test::value_of(sample.parse({"-r", "--", "--key", "--", "-x"}));
    CHECK(sample.image == "--key");
    CHECK(sample.files == Words{"--", "-x"});
    CHECK(sample.key.empty());
}

TEST_CASE("options: arguments are counted", "[cli][options]") {
    CHECK(message_of({"-r"}) == "missing argument REF");
    CHECK(message_of({"a", "b", "c", "d"}) == "unexpected argument \"d\"");
}

TEST_CASE("options: a word that looks like a subcommand or a separator is an argument",
          "[cli][options]") {
    Sample sample;
    test::value_of(sample.parse({"create", "++", "%%"}));
    CHECK(sample.image == "create");
    CHECK(sample.files == Words{"++", "%%"});
}

TEST_CASE("options: contradicting options are an error in either order", "[cli][options]") {
    CHECK(message_of({"-q", "-v", "REF"}) == "--quiet and --verbose contradict each other");
    CHECK(message_of({"REF", "-v", "-q"}) == "--quiet and --verbose contradict each other");
    CHECK(message_of({"--no-cache", "--cache-dir", "x", "R"}) ==
          "--cache-dir and --no-cache contradict each other");
}

TEST_CASE("options: a word outside a choice names the choices", "[cli][options]") {
    CHECK(message_of({"--shape", "round", "REF"}) ==
          "--shape: expected one of bundle|legacy, found \"round\"");
    Sample sample;
    test::value_of(sample.parse({"--shape", "legacy", "REF"}));
    CHECK(sample.shape == Shape::legacy);
}

TEST_CASE("options: --help and --version need nothing else", "[cli][options]") {
    CHECK(test::value_of(Sample().parse({"--help"})) == OptionSet::Outcome::help_asked);
    CHECK(test::value_of(Sample().parse({"--xyzzy", "-h"})) == OptionSet::Outcome::help_asked);
    CHECK(test::value_of(Sample().parse({"--version"})) == OptionSet::Outcome::version_asked);
    Sample sample;
    CHECK(test::value_of(sample.parse({"--", "--help"})) == OptionSet::Outcome::parsed);
    CHECK(sample.image == "--help");
}

TEST_CASE("options: the environment is asked only where the option is not given",
          "[cli][options]") {
    setenv("BULLA_CACHE_DIR", "/from/environment", 1);
    Sample environment;
    test::value_of(environment.parse({"REF"}));
    Sample both;
    test::value_of(both.parse({"REF", "--cache-dir", "/from/option"}));
    Sample without;
    test::value_of(without.parse({"REF", "--no-cache"}));
    unsetenv("BULLA_CACHE_DIR");
    CHECK(environment.common.cache_folder() == "/from/environment");
    CHECK(both.common.cache_folder() == "/from/option");
    CHECK_FALSE(without.common.cache_folder().has_value());
}

TEST_CASE("options: a wrong value in the environment names the variable", "[cli][options]") {
    setenv("BULLA_LOG_FORMAT", "xml", 1);
    const auto message = message_of({"REF"});
    unsetenv("BULLA_LOG_FORMAT");
    CHECK(message == "BULLA_LOG_FORMAT: expected one of text|json, found \"xml\"");
}

TEST_CASE("options: times have a unit and are never zero", "[cli][options]") {
    Sample sample;
    test::value_of(sample.parse({"--timeout", "1h1m1s", "REF"}));
    CHECK(sample.common.timeout == std::chrono::milliseconds(3'661'000));
    for (const char* const wrong : {"30", "0s", "s", "5x", "-1s", "1s2", "99999999999999999999s"}) {
        CHECK_THAT(message_of({std::string("--timeout=") + wrong, "REF"}),
                   Catch::Contains("expected a time such as 30s"));
    }
}

} // namespace bulla::cli
