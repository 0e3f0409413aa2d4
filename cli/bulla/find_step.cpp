// SPDX-License-Identifier: Apache-2.0
#include "cli/bulla/find_step.hpp"

#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cstdlib>

namespace bulla::cli {

namespace {

bool is_step_name(std::string_view step) {
    for (const char c : step) {
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-')) {
            return false;
        }
    }
    return !step.empty() && step.front() != '-';
}

bool is_program(const std::string& path) {
    struct stat info{};
    return ::stat(path.c_str(), &info) == 0 && S_ISREG(info.st_mode) &&
           ::access(path.c_str(), X_OK) == 0;
}

std::string own_folder() {
    std::array<char, PATH_MAX> path{};
    const ssize_t size = ::readlink("/proc/self/exe", path.data(), path.size());
    const std::string_view name(path.data(), size > 0 ? static_cast<std::size_t>(size) : 0);
    const auto slash = name.rfind('/');
    return slash == std::string_view::npos ? std::string() : std::string(name.substr(0, slash));
}

} // namespace

std::string find_step(std::string_view step) {
    if (!is_step_name(step)) {
        return {};
    }
    const std::string file = "/bulla-" + std::string(step);
    if (std::string beside = own_folder() + file; is_program(beside)) {
        return beside;
    }
    const char* const path = std::getenv("PATH");
    std::string_view rest = path != nullptr ? path : "";
    while (!rest.empty()) {
        const auto colon = rest.find(':');
        const auto folder = rest.substr(0, colon);
        rest = colon == std::string_view::npos ? std::string_view() : rest.substr(colon + 1);
        if (folder.starts_with('/')) {
            if (std::string program = std::string(folder) + file; is_program(program)) {
                return program;
            }
        }
    }
    return {};
}

} // namespace bulla::cli
