// SPDX-License-Identifier: Apache-2.0
#include "cli/common/outputs.hpp"

#include "base/core/text.hpp"
#include "base/io/file.hpp"
#include "cli/common/interrupts.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <optional>

namespace bulla::cli {

namespace {

/// As write_all, and silent about a reader that has seen enough.
Status write_in_place(int fd, ByteView bytes, const std::string& name) {
    while (!bytes.empty()) {
        const ssize_t count = ::write(fd, bytes.data(), bytes.size());
        if (count >= 0) {
            bytes.remove_prefix(static_cast<std::size_t>(count));
        } else if (errno == EPIPE) {
            return ok();
        } else if (errno != EINTR) {
            return Error{ErrorCode::io, "cannot write " + name + ": " + std::strerror(errno)};
        }
    }
    return ok();
}

std::string quoted(const std::string& path) {
    return "\"" + text::printable(path) + "\"";
}

/// The descriptor that a path such as /dev/fd/3 or /dev/stderr stands for. Such a path must not be
/// opened again or renamed over, even if the descriptor is a regular file.
std::optional<int> descriptor_of(std::string_view path) {
    if (path == "/dev/stderr") {
        return STDERR_FILENO;
    }
    for (const std::string_view folder : {"/dev/fd/", "/proc/self/fd/"}) {
        if (path.starts_with(folder)) {
            const auto number = text::parse_unsigned(path.substr(folder.size()));
            if (number && *number < 1'000'000) {
                return static_cast<int>(*number);
            }
        }
    }
    return std::nullopt;
}

bool is_regular_or_absent(const std::string& path) {
    struct stat info{};
    return ::stat(path.c_str(), &info) != 0 || S_ISREG(info.st_mode);
}

/// Where a symbolic link leads: the link stays, its target is replaced.
std::string follow_link(const std::string& path) {
    const std::unique_ptr<char, decltype(&std::free)> real(::realpath(path.c_str(), nullptr),
                                                           &std::free);
    return real ? std::string(real.get()) : path;
}

Status write_special(const std::string& path, ByteView bytes) {
    if (const auto held = descriptor_of(path)) {
        return write_in_place(*held, bytes, quoted(path));
    }
    const FileDescriptor fd(::open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NOCTTY));
    if (!fd.is_open()) {
        return Error{ErrorCode::io, "cannot write " + quoted(path) + ": " + std::strerror(errno)};
    }
    return write_in_place(fd.value(), bytes, quoted(path));
}

} // namespace

struct Outputs::Prepared {
    std::string path;               ///< empty for standard output
    std::optional<AtomicFile> file; ///< of a regular file, already written
    Bytes document{};               ///< of anything else

    Status publish_in_place() const {
        return path.empty() ? write_stdout(document) : write_special(path, document);
    }
};

Outputs::Outputs(std::vector<OutputSpec> wanted) : wanted_(std::move(wanted)) {}

Outputs::Outputs(Outputs&&) noexcept = default;
Outputs::~Outputs() = default;

bool Outputs::wants(std::string_view format) const {
    return std::ranges::find(wanted_, format, &OutputSpec::format) != wanted_.end();
}

Status Outputs::prepare(const OutputSpec& output, Bytes document) {
    if (output.to_stdout() || descriptor_of(output.path) || !is_regular_or_absent(output.path)) {
        prepared_.push_back({output.path, std::nullopt, std::move(document)});
        return ok();
    }
    BULLA_TRY_ASSIGN(AtomicFile file, AtomicFile::create(follow_link(output.path)));
    BULLA_TRY(file.write(document));
    prepared_.push_back({output.path, std::move(file)});
    return ok();
}

Status Outputs::prepare_all(std::string_view format, const Bytes& document) {
    for (const auto& output : wanted_) {
        if (output.format == format) {
            BULLA_TRY(prepare(output, document));
        }
    }
    return ok();
}

Status Outputs::publish() {
    auto prepared = std::exchange(prepared_, {});
    if (interrupts::pending()) {
        return Error{ErrorCode::cancelled, "interrupted"};
    }
    for (const auto& output : prepared) {
        if (!output.file) {
            BULLA_TRY(output.publish_in_place());
        }
    }
    for (auto& output : prepared) {
        if (output.file) {
            BULLA_TRY(output.file->commit());
        }
    }
    return ok();
}

Status write_stdout(ByteView bytes) {
    return write_in_place(STDOUT_FILENO, bytes, "standard output");
}

} // namespace bulla::cli
