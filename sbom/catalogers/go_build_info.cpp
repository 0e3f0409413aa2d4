// SPDX-License-Identifier: Apache-2.0
#include "sbom/catalogers/go_build_info.hpp"

#include "base/core/limits.hpp"
#include "base/core/text.hpp"
#include "sbom/model/package_url.hpp"

namespace bulla::sbom {
namespace {

constexpr std::string_view kDevelopment = "(devel)";

Error malformed(std::string_view line, std::string_view why) {
    return Error{ErrorCode::malformed,
                 "a Go module list has the line \"" + text::printable(line.substr(0, 200)) +
                     "\", which " + std::string(why)};
}

/// Path, version and perhaps a sum, between tabs.
Result<GoModule> parse_module(std::string_view line) {
    std::string_view rest = line;
    GoModule module;
    module.path = text::take_until(rest, '\t');
    if (module.path.empty() || module.path.size() == line.size()) {
        return malformed(line, "names no module or has no version column");
    }
    module.version = text::take_until(rest, '\t');
    module.sum = text::take_until(rest, '\t');
    if (!rest.empty()) {
        return malformed(line, "has too many columns");
    }
    if (module.version == kDevelopment) {
        module.version = {};
    }
    if (line.size() > limits::kPackageFieldBytes) {
        return malformed(line, "is longer than any real one");
    }
    return module;
}

/// Of the build settings only those about the main module's source, whose values Go never quotes.
void read_setting(std::string_view line, GoBuildInfo& info) {
    const std::string_view key = text::take_until(line, '=');
    const std::string_view value = line.substr(0, limits::kPackageFieldBytes);
    if (key == "vcs.revision") {
        info.vcs_revision = value;
    } else if (key == "vcs.time") {
        info.vcs_time = value;
    } else if (key == "vcs.modified") {
        info.vcs_modified = value;
    }
}

} // namespace

Result<GoBuildInfo> parse_go_build_info(ByteView text) {
    GoBuildInfo info;
    GoRequirement* last = nullptr; // what a replacement would belong to
    while (!text.empty()) {
        const std::string_view line = text::take_until(text, '\n');
        std::string_view rest = line;
        const std::string_view word = text::take_until(rest, '\t');
        if (word.size() == line.size()) {
            continue; // no tab
        }
        if (word == "path") {
            info.path = rest.substr(0, limits::kPackageFieldBytes);
        } else if (word == "mod") {
            BULLA_TRY_ASSIGN(const GoModule module, parse_module(rest));
            last = &info.main.emplace(GoRequirement{module, std::nullopt});
        } else if (word == "dep") {
            BULLA_TRY_ASSIGN(const GoModule module, parse_module(rest));
            if (info.modules.size() == limits::kGoModules) {
                return Error{ErrorCode::limit_exceeded,
                             "expected at most " + std::to_string(limits::kGoModules) +
                                 " modules in one Go program, found more"};
            }
            last = &info.modules.emplace_back(GoRequirement{module, std::nullopt});
        } else if (word == "=>") {
            BULLA_TRY_ASSIGN(const GoModule module, parse_module(rest));
            if (last == nullptr || last->replacement) {
                return malformed(line, "replaces no module");
            }
            last->replacement = module;
        } else if (word == "build") {
            read_setting(rest, info);
        }
    }
    return info;
}

bool is_local_go_path(std::string_view path) {
    return path == "." || path == ".." || path.starts_with("./") || path.starts_with("../") ||
           path.starts_with('/') || path.find('\\') != std::string_view::npos ||
           (path.size() > 1 && text::is_alpha(path[0]) && path[1] == ':');
}

std::string_view go_release_of(std::string_view toolchain) {
    constexpr std::string_view kGo = "go";
    if (!toolchain.starts_with(kGo) || toolchain.size() == kGo.size() ||
        !text::is_digit(toolchain[kGo.size()])) {
        return {};
    }
    toolchain.remove_prefix(kGo.size());
    toolchain = toolchain.substr(0, toolchain.find(' '));
    return toolchain.substr(0, toolchain.find("-X:")); // experiments, behind a blank or a dash
}

std::string go_purl(std::string_view path, std::string_view version) {
    const std::size_t slash = path.rfind('/');
    const bool has_namespace = slash != std::string_view::npos;
    auto purl = PackageUrl::make(
        {.type = "golang",
         .name_space = std::string(has_namespace ? path.substr(0, slash) : std::string_view()),
         .name = std::string(has_namespace ? path.substr(slash + 1) : path),
         .version = std::string(version),
         .qualifiers = {},
         .subpath = {}});
    return purl ? purl->to_string() : std::string();
}

} // namespace bulla::sbom
