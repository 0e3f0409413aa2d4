// SPDX-License-Identifier: Apache-2.0
#include "cli/common/output_spec.hpp"

#include "base/core/text.hpp"
#include "cli/common/suggest.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <cstdlib>
#include <memory>

namespace bulla::cli {

namespace {

Error usage(std::string message) {
    return Error{ErrorCode::usage, std::move(message)};
}

std::string quoted(std::string_view word) {
    return "\"" + text::printable(word) + "\"";
}

std::string joined(std::span<const std::string_view> words) {
    std::string all;
    for (const auto word : words) {
        all.append(all.empty() ? "" : ", ").append(word);
    }
    return all;
}

bool names_stdout(std::string_view path) {
    return path == "-" || path == "/dev/stdout" || path == "/dev/fd/1" || path == "/proc/self/fd/1";
}

std::string real_path(const std::string& path) {
    const std::unique_ptr<char, decltype(&std::free)> real(realpath(path.c_str(), nullptr),
                                                           &std::free);
    return real ? std::string(real.get()) : std::string();
}

/// Equal for two names of one file, whether it exists or not. Empty for what is not a regular file:
/// writing /dev/null twice loses nothing.
std::string identity_of(const std::string& path) {
    struct stat info{};
    if (stat(path.c_str(), &info) == 0) {
        return S_ISREG(info.st_mode) ? real_path(path) : std::string();
    }
    const auto slash = path.rfind('/');
    const std::string folder = slash == std::string::npos ? "." : path.substr(0, slash + 1);
    const std::string name = slash == std::string::npos ? path : path.substr(slash + 1);
    return real_path(folder) + "/" + name;
}

Status complete(OutputSpec& output, std::span<const OutputFormat> formats) {
    const auto format = std::ranges::find(formats, output.format, &OutputFormat::name);
    if (format == formats.end()) {
        std::vector<std::string_view> names;
        for (const auto& known : formats) {
            names.push_back(known.name);
        }
        auto error = usage("unknown output format " + quoted(output.format))
                         .with("expected", "one of " + joined(names));
        if (const auto near = suggest(output.format, names); !near.empty()) {
            error.hint = "did you mean `--output " + std::string(near) + "`?";
        }
        return error;
    }
    const auto versions = format->versions;
    if (output.version.empty()) {
        output.version = versions.empty() ? std::string_view() : versions.front();
    } else if (std::ranges::find(versions, output.version) == versions.end()) {
        return usage("output format " + output.format + " has no version " + quoted(output.version))
            .with("expected", versions.empty() ? "no version" : "one of " + joined(versions));
    }
    return ok();
}

} // namespace

Result<OutputSpec> OutputSpec::parse(std::string_view text) {
    OutputSpec output;
    const auto equals = text.find('=');
    const auto what = text.substr(0, equals);
    const auto at = what.find('@');
    output.format = what.substr(0, at);
    if (output.format.empty()) {
        return usage("expected FORMAT[@VERSION][=FILE], found " + quoted(text));
    }
    if (at != std::string_view::npos) {
        output.version = what.substr(at + 1);
        if (output.version.empty()) {
            return usage("expected a version behind \"@\" in " + quoted(text));
        }
    }
    if (equals != std::string_view::npos) {
        output.path = text.substr(equals + 1);
        if (output.path.empty()) {
            return usage("expected a file name behind \"=\" in " + quoted(text));
        }
        if (names_stdout(output.path)) {
            output.path.clear();
        }
    }
    return output;
}

Result<std::vector<OutputSpec>> resolve_outputs(std::vector<OutputSpec> wanted,
                                                std::span<const OutputFormat> formats) {
    if (wanted.empty() && !formats.empty()) {
        wanted.push_back({std::string(formats.front().name), {}, {}});
    }
    std::vector<std::string> taken;
    bool stdout_taken = false;
    for (auto& output : wanted) {
        BULLA_TRY(complete(output, formats));
        if (output.to_stdout()) {
            if (stdout_taken) {
                return usage("two outputs go to standard output")
                    .with_hint("send one to a file: `--output " + output.format + "=FILE`");
            }
            stdout_taken = true;
            continue;
        }
        auto identity = identity_of(output.path);
        if (!identity.empty() && std::ranges::find(taken, identity) != taken.end()) {
            return usage("two outputs go to the file " + quoted(output.path));
        }
        taken.push_back(std::move(identity));
    }
    return wanted;
}

} // namespace bulla::cli
