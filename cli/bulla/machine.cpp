// SPDX-License-Identifier: Apache-2.0
#include "cli/bulla/machine.hpp"

#include "base/core/limits.hpp"
#include "base/core/text.hpp"

#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <filesystem>

namespace bulla::cli {

namespace {

using Level = Finding::Level;

std::string landlock() {
    const long version =
        ::syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION);
    if (version > 0) {
        return "ABI " + std::to_string(version);
    }
    return errno == EOPNOTSUPP ? "built in and switched off" : "not there";
}

std::string seccomp() {
    std::uint32_t action = SECCOMP_RET_KILL_PROCESS;
    const bool there = ::syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action) == 0;
    return there ? "filters that end the process" : "not there";
}

std::string megabytes(std::uint64_t bytes) {
    return std::to_string(bytes / limits::kMiB) + " MiB";
}

/// All regular files below a folder; what cannot be read counts nothing.
std::uint64_t bytes_below(const std::string& folder) {
    namespace fs = std::filesystem;
    std::uint64_t total = 0;
    std::error_code problem;
    fs::recursive_directory_iterator at(
        folder, fs::directory_options::skip_permission_denied, problem);
    while (!problem && at != fs::recursive_directory_iterator()) {
        std::error_code unreadable;
        if (at->is_regular_file(unreadable) && !at->is_symlink(unreadable)) {
            const auto size = at->file_size(unreadable);
            total += unreadable ? 0 : size;
        }
        at.increment(problem);
    }
    return total;
}

std::string find_in_path(const std::string& program) {
    const char* const path = std::getenv("PATH");
    std::string_view rest = path != nullptr ? path : "";
    while (!rest.empty()) {
        const std::string file = std::string(text::take_until(rest, ':')) + "/" + program;
        if (file.starts_with('/') && ::access(file.c_str(), X_OK) == 0) {
            return file;
        }
    }
    return {};
}

} // namespace

Finding check_kernel() {
    utsname name{};
    ::uname(&name);
    return {.check = "kernel",
            .text =
                std::string(&name.sysname[0]) + " " + &name.release[0] + ", " + &name.machine[0],
            .facts = {{"Landlock", landlock()}, {"seccomp", seccomp()}}};
}

Finding check_cache(const std::optional<std::string>& folder) {
    if (!folder) {
        return {.check = "cache",
                .level = Level::note,
                .text = "none: layers are read again each time",
                .hint = "set HOME, or BULLA_CACHE_DIR"};
    }
    if (::access(folder->c_str(), F_OK) != 0) {
        return {.check = "cache", .text = *folder + " (not made yet)"};
    }
    Finding finding{.check = "cache", .text = *folder + ", " + megabytes(bytes_below(*folder))};
    if (::access(folder->c_str(), R_OK | W_OK | X_OK) != 0) {
        finding.level = Level::note;
        finding.text += ", cannot be used";
        finding.hint = "`chmod u+rwx " + *folder + "`, or name another with --cache-dir";
    }
    return finding;
}

Finding check_peers() {
    Finding finding{.check = "peers", .text = "tools of others in PATH: "};
    for (const char* const name : {"cosign", "crane", "oras", "docker", "podman"}) {
        if (const auto path = find_in_path(name); !path.empty()) {
            finding.text += (finding.facts.empty() ? "" : ", ") + std::string(name);
            finding.facts.push_back({name, path});
        }
    }
    if (finding.facts.empty()) {
        finding.text += "none";
    }
    return finding;
}

} // namespace bulla::cli
