// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/core/bytes.hpp"
#include "base/core/result.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bulla::sbom {

/// One line of a Go program's module list. Views into the text that was parsed.
struct GoModule {
    std::string_view path;
    std::string_view version; ///< empty for "(devel)": built from a folder, of no known version
    std::string_view sum;     ///< "h1:…", or empty
};

/// A module that a program was built from, and what go.mod put in its place.
struct GoRequirement {
    GoModule module;
    std::optional<GoModule> replacement;
};

/// What a Go program says of itself (debug.BuildInfo of Go's library). Views into the parsed text.
struct GoBuildInfo {
    std::string_view path; ///< of the main package
    std::optional<GoRequirement> main;
    std::vector<GoRequirement> modules;
    std::string_view vcs_revision;
    std::string_view vcs_time;
    std::string_view vcs_modified; ///< "true" or "false"
};

/// Parses the module list as Go's linker writes it, without its frame: lines that begin with
/// "path", "mod", "dep", "=>" or "build" and a tab; others are for later versions of Go to define.
/// Malformed: a module without path or version column, a replacement that follows no module. More
/// than limits::kGoModules is limit_exceeded.
Result<GoBuildInfo> parse_go_build_info(ByteView text);

/// True if a replacement's path is a folder, not a module: "./x", "../x", "/x" (Go modules
/// reference, "replace directive").
bool is_local_go_path(std::string_view path);

/// The version of the standard library in a toolchain's name: "1.22.3" of "go1.22.3 X:loopvar";
/// empty for a toolchain built from no release ("devel go1.24-abc").
std::string_view go_release_of(std::string_view toolchain);

/// The canonical package URL of a module; its name and namespace are lower case, as the type
/// "golang" demands. Empty if the path is none a URL can name.
std::string go_purl(std::string_view path, std::string_view version);

} // namespace bulla::sbom
