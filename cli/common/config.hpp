// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/core/result.hpp"
#include "cli/common/option_set.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace bulla::cli {

/// A config file, and how far it is trusted (docs/adr/0011-config-file.md).
struct ConfigFile {
    enum class Origin : std::uint8_t {
        named,    ///< by --config or BULLA_CONFIG: must exist
        implicit, ///< the user's own: may be missing, and may set less
    };

    std::string path;
    Origin origin = Origin::implicit;
};

/// The file that `named` (--config or BULLA_CONFIG) names, else $XDG_CONFIG_HOME/bulla/config.toml,
/// else ~/.config/bulla/config.toml. Nothing without a home. The working folder is never looked at.
std::optional<ConfigFile> find_config(const std::optional<std::string>& named);

/// For whom settings are read.
struct ConfigScope {
    std::string_view program;                     ///< "bulla-scan"
    std::string_view command;                     ///< "db import"
    std::span<const std::string_view> commands{}; ///< all of the program's
};

/// The settings for one command in the text of a config file:
///
///     timeout = "30s"               # every command that has --timeout
///     [bulla-sbom]                  # commands of bulla-sbom that have the option
///     jobs = 4
///     [bulla-sbom.create]           # this command alone; the narrowest table wins
///     strict = true
///
/// A flag takes true or false, a counter a number, any other option a string (--jobs and the like a
/// number), a repeatable one also an array. Errors are usage and stand at "PATH:LINE:COLUMN": not
/// TOML, a name or table that does not exist, a value of the wrong kind, an option that this file
/// may not set.
Result<std::vector<Setting>> settings_of(std::string_view text,
                                         const ConfigFile& file,
                                         const ConfigScope& scope,
                                         const OptionSet& options);

/// Finds and reads the config file of a run; no settings if there is none.
Result<std::vector<Setting>> read_settings(const std::optional<std::string>& named,
                                           const ConfigScope& scope,
                                           const OptionSet& options);

} // namespace bulla::cli
