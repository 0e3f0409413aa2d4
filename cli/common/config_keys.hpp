// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace bulla::cli {

/// Which config file may give an option (docs/adr/0011-config-file.md).
enum class Settable : std::uint8_t {
    anywhere,   ///< changes how a run goes, or makes it stricter, and never what its answer is
    named_file, ///< changes the answer: only from a file named by --config or BULLA_CONFIG
    never,      ///< has to be seen on the command line
};

enum class PathRule : std::uint8_t {
    any,
    /// A path from the root or a reference with "://": what a relative path leads to depends on the
    /// working folder, and a repository could put its own file there.
    absolute,
};

/// One long option without its dashes, as it stands in a config file.
struct ConfigKey {
    std::string_view name;
    Settable settable = Settable::never;
    PathRule paths = PathRule::any;
};

/// Every option of every binary. One that is not here cannot be set.
std::span<const ConfigKey> config_keys();

/// Null if there is none of that name.
const ConfigKey* find_config_key(std::string_view name);

/// The programs that have a table of their own: "bulla-oci", ….
std::span<const std::string_view> config_programs();

} // namespace bulla::cli
