// SPDX-License-Identifier: Apache-2.0
#include "cli/common/common_options.hpp"

#include "cli/common/duration.hpp"

#include <cstdlib>

namespace bulla::cli {

namespace {

/// More transfers at a time only make a registry throttle.
constexpr unsigned kMostJobs = 64;

std::optional<std::string> environment_folder(const char* variable) {
    const char* const value = std::getenv(variable);
    // The XDG base directory specification has relative paths ignored.
    return value != nullptr && *value == '/' ? std::optional<std::string>(value) : std::nullopt;
}

} // namespace

std::optional<std::string> CommonOptions::cache_folder() const {
    if (no_cache) {
        return std::nullopt;
    }
    if (cache_dir) {
        return cache_dir;
    }
    if (const auto folder = environment_folder("XDG_CACHE_HOME")) {
        return *folder + "/bulla";
    }
    if (const auto home = environment_folder("HOME")) {
        return *home + "/.cache/bulla";
    }
    return std::nullopt;
}

void add_common_options(OptionSet& set, CommonOptions& options) {
    set.group("Output");
    set.parsed_list({.name = "-o,--output",
                     .placeholder = "FORMAT[@VERSION][=FILE]",
                     .help = "what to write, and where to; may be repeated"},
                    options.outputs,
                    &OutputSpec::parse);
    set.flag({.name = "-q,--quiet", .help = "print errors only"}, options.quiet);
    set.counter({.name = "-v,--verbose", .help = "print more; -vv also when"}, options.verbose);
    set.choice({.name = "--log-format",
                .help = "form of messages on standard error",
                .environment = "BULLA_LOG_FORMAT",
                .default_text = "text"},
               options.log_format,
               {{"text", LogFormat::text}, {"json", LogFormat::json}});
    set.choice({.name = "--progress",
                .help = "bars on a terminal, or a line for each piece of work",
                .default_text = "auto"},
               options.progress,
               {{"auto", ProgressStyle::automatic},
                {"plain", ProgressStyle::plain},
                {"none", ProgressStyle::none}});
    set.choice({.name = "--color", .help = "colours in messages", .default_text = "auto"},
               options.color,
               {{"auto", ColorChoice::automatic},
                {"always", ColorChoice::always},
                {"never", ColorChoice::never}});
    set.group("Common");
    set.flag({.name = "--offline", .help = "open no network connection"}, options.offline);
    set.parsed({.name = "--timeout",
                .placeholder = "TIME",
                .help = "give up after this time (30s, 5m, 1h30m) with exit code 4"},
               options.timeout,
               &parse_duration);
    set.value({.name = "--cache-dir",
               .placeholder = "DIR",
               .help = "folder for caches",
               .environment = "BULLA_CACHE_DIR",
               .default_text = "~/.cache/bulla"},
              options.cache_dir);
    set.flag({.name = "--no-cache", .help = "neither read nor write a cache"}, options.no_cache);
    set.value({.name = "--config",
               .placeholder = "FILE",
               .help = "settings in TOML, for what the command line and the environment leave open",
               .environment = "BULLA_CONFIG",
               .default_text = "~/.config/bulla/config.toml"},
              options.config);
    static bool ignored = false; // OptionSet::parse reports these two itself
    set.flag({.name = "-h,--help", .help = "print this"}, ignored);
    set.flag({.name = "--version", .help = "print the version"}, ignored);
    set.conflict("--quiet", "--verbose");
    set.conflict("--cache-dir", "--no-cache");
}

Status check(CommonOptions& options, const OptionSet& set) {
    if (!options.quiet || options.progress != ProgressStyle::plain) {
        return ok();
    }
    if (set.given("--quiet") == set.given("--progress")) {
        return Error{ErrorCode::usage, "--quiet and --progress plain contradict each other"};
    }
    if (set.given("--quiet")) {
        options.progress = ProgressStyle::none;
    } else {
        options.quiet = false;
    }
    return ok();
}

void add_registry_options(OptionSet& set, RegistryOptions& options, Platforms platforms) {
    set.group("Registry");
    set.flag({.name = "--plain-http",
              .help = "speak http without TLS, not only to registries on this machine"},
             options.plain_http);
    if (platforms == Platforms::selectable) {
        set.value({.name = "--platform",
                   .placeholder = "OS/ARCH[/VARIANT]",
                   .help = "which image of an index",
                   .default_text = "linux on this machine's processor"},
                  options.platform);
    }
    set.parsed({.name = "--jobs", .placeholder = "N", .help = "transfers at a time, 1 to 64"},
               options.jobs,
               [](std::string_view text) { return parse_count(text, kMostJobs); });
}

void add_evidence_option(OptionSet& set, RegistryOptions& options) {
    set.value({.name = "--evidence-repository",
               .placeholder = "REPOSITORY",
               .help = "where signatures and statements are, if not beside their image: a "
                       "repository, or oci:DIR",
               .environment = "BULLA_EVIDENCE_REPOSITORY"},
              options.evidence_repository);
}

} // namespace bulla::cli
