// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/common/option_set.hpp"
#include "cli/common/output_spec.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace bulla::cli {

enum class LogFormat : std::uint8_t { text, json };
enum class ProgressStyle : std::uint8_t {
    automatic, ///< bars on a terminal; elsewhere a line for what took long
    plain,     ///< a line for each piece of work when it ends
    none,
};
enum class ColorChoice : std::uint8_t { automatic, always, never };

/// What every subcommand of every binary takes.
struct CommonOptions {
    std::vector<OutputSpec> outputs; ///< as given; Outputs has them resolved
    bool quiet = false;              ///< errors only
    int verbose = 0;
    LogFormat log_format = LogFormat::text;
    ProgressStyle progress = ProgressStyle::automatic;
    ColorChoice color = ColorChoice::automatic;
    bool offline = false; ///< no network connection is opened
    std::optional<std::chrono::milliseconds> timeout;
    std::optional<std::string> cache_dir; ///< --cache-dir or BULLA_CACHE_DIR; see cache_folder()
    bool no_cache = false;
    std::optional<std::string> config; ///< --config or BULLA_CONFIG; see find_config()

    /// The folder for caches: --cache-dir, else $XDG_CACHE_HOME/bulla, else ~/.cache/bulla. Nothing
    /// with --no-cache or without a home. It need not exist.
    std::optional<std::string> cache_folder() const;
};

void add_common_options(OptionSet& set, CommonOptions& options);

/// What cannot be said option by option, once `set` is parsed. --quiet and --progress plain
/// contradict each other: a usage error, unless only one stands on the command line, which then
/// wins.
Status check(CommonOptions& options, const OptionSet& set);

/// The settings of binaries that hold a registry credential.
struct RegistryOptions {
    bool plain_http = false;             ///< also where the registry is not on this machine
    std::optional<std::string> platform; ///< "linux/arm64", not yet parsed
    std::optional<unsigned> jobs; ///< transfers at a time, 1 to 64; chosen by us if not given
    std::optional<std::string> evidence_repository; ///< as given; EvidencePlace reads it
};

enum class Platforms : std::uint8_t { selectable, all };

/// `Platforms::all` leaves --platform out: for commands that never pick one image of an index.
void add_registry_options(OptionSet& set,
                          RegistryOptions& options,
                          Platforms platforms = Platforms::selectable);

/// --evidence-repository, for commands that read or write evidence; after add_registry_options.
void add_evidence_option(OptionSet& set, RegistryOptions& options);

} // namespace bulla::cli
