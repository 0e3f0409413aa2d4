// SPDX-License-Identifier: Apache-2.0
#include "base/io/file.hpp"

#include "base/core/text.hpp"

#include <fcntl.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <cstring>

namespace bulla {

namespace {

Error system_error(std::string_view what, const std::string& path, int error) {
    const auto code = error == ENOENT || error == ENOTDIR ? ErrorCode::not_found : ErrorCode::io;
    return Error{code,
                 std::string(what) + " \"" + text::printable(path) + "\": " + std::strerror(error)}
        .at(path);
}

/// The names of temporary files that exist now. A fixed table of plain pointers, because a signal
/// handler may neither allocate nor lock.
constexpr std::size_t kTemporarySlots = 256;
std::array<std::atomic<char*>, kTemporarySlots> temporary_names{};

/// Remembers a name; with every slot taken the file is merely not removed on interruption.
void remember_temporary(const std::string& name) {
    char* copy = strdup(name.c_str());
    for (auto& slot : temporary_names) {
        char* expected = nullptr;
        if (slot.compare_exchange_strong(expected, copy)) {
            return;
        }
    }
    free(copy);
}

void forget_temporary(const std::string& name) {
    for (auto& slot : temporary_names) {
        char* held = slot.load();
        if (held != nullptr && name == held && slot.compare_exchange_strong(held, nullptr)) {
            free(held);
            return;
        }
    }
}

std::string directory_of(const std::string& path) {
    const auto slash = path.rfind('/');
    if (slash == std::string::npos) {
        return ".";
    }
    return slash == 0 ? "/" : path.substr(0, slash);
}

bool is_regular_or_absent(const std::string& path) {
    struct stat info{};
    return stat(path.c_str(), &info) != 0 || S_ISREG(info.st_mode);
}

} // namespace

void FileDescriptor::reset(int fd) {
    if (fd_ >= 0) {
        ::close(fd_);
    }
    fd_ = fd;
}

Result<std::size_t> FileReader::read(std::span<char> into) {
    while (true) {
        const ssize_t count = ::read(fd_.value(), into.data(), into.size());
        if (count >= 0) {
            return static_cast<std::size_t>(count);
        }
        if (errno != EINTR) {
            return system_error("cannot read", name_, errno);
        }
    }
}

Result<std::size_t> FileReader::read_at(std::span<char> into, std::uint64_t offset) const {
    while (true) {
        const ssize_t count =
            ::pread(fd_.value(), into.data(), into.size(), static_cast<off_t>(offset));
        if (count >= 0) {
            return static_cast<std::size_t>(count);
        }
        if (errno != EINTR) {
            return system_error("cannot read", name_, errno);
        }
    }
}

std::optional<std::uint64_t> FileReader::position() const {
    const off_t at = ::lseek(fd_.value(), 0, SEEK_CUR);
    return at < 0 ? std::nullopt : std::optional(static_cast<std::uint64_t>(at));
}

Result<FileDescriptor> duplicate(int descriptor) {
    const int fd = fcntl(descriptor, F_DUPFD_CLOEXEC, 0);
    if (fd < 0) {
        return Error{ErrorCode::io,
                     std::string("cannot duplicate a descriptor: ") + std::strerror(errno)};
    }
    return FileDescriptor(fd);
}

Result<FileDescriptor> open_file(const std::string& path) {
    const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return system_error("cannot open", path, errno);
    }
    return FileDescriptor(fd);
}

Result<Bytes> read_file(const std::string& path, std::uint64_t limit) {
    BULLA_TRY_ASSIGN(FileDescriptor fd, open_file(path));
    struct stat info{};
    if (fstat(fd.value(), &info) == 0 && S_ISDIR(info.st_mode)) {
        return Error{ErrorCode::malformed,
                     "expected a file and found a directory: \"" + text::printable(path) + "\""}
            .at(path);
    }
    FileReader reader(std::move(fd), path);
    return read_all(reader, limit, "\"" + text::printable(path) + "\"");
}

Status write_all(int fd, ByteView bytes) {
    while (!bytes.empty()) {
        const ssize_t count = ::write(fd, bytes.data(), bytes.size());
        if (count >= 0) {
            bytes.remove_prefix(static_cast<std::size_t>(count));
        } else if (errno != EINTR) {
            return Error{ErrorCode::io, std::string("cannot write: ") + std::strerror(errno)};
        }
    }
    return ok();
}

Result<FileDescriptor> make_unlinked_file() {
    const char* const configured = std::getenv("TMPDIR");
    const std::string directory =
        configured != nullptr && *configured != '\0' ? configured : "/tmp";
    int fd = ::open(directory.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (fd < 0 && errno != ENOENT && errno != EACCES) { // a file system without O_TMPFILE
        std::string name = directory + "/bulla-XXXXXX";
        fd = mkostemp(name.data(), O_CLOEXEC);
        if (fd >= 0) {
            ::unlink(name.c_str());
        }
    }
    if (fd < 0) {
        auto error = system_error("cannot make a temporary file in", directory, errno);
        error.code = ErrorCode::io;
        return std::move(error).with_hint("point TMPDIR at a writable folder with free space");
    }
    return FileDescriptor(fd);
}

Result<AtomicFile>
AtomicFile::create(std::string path, Durability durability, std::optional<unsigned> mode) {
    AtomicFile file;
    file.path_ = std::move(path);
    file.durability_ = durability;
    if (!is_regular_or_absent(file.path_)) {
        const int fd = ::open(file.path_.c_str(), O_WRONLY | O_CLOEXEC);
        if (fd < 0) {
            return system_error("cannot write", file.path_, errno);
        }
        file.fd_.reset(fd);
        return file;
    }
    // The kernel applies the umask: reading it means setting it, and other threads would see that.
    BULLA_TRY(file.open_beside(mode.value_or(0666)));
    struct stat existing{};
    const bool exists = ::stat(file.path_.c_str(), &existing) == 0;
    if (exists && !mode && ::fchmod(file.fd_.value(), existing.st_mode & 07777U) != 0) {
        return system_error("cannot set the permissions of", file.path_, errno);
    }
    return file;
}

Status AtomicFile::open_beside(unsigned mode) {
    constexpr int kAttempts = 100;
    for (int attempt = 0; attempt < kAttempts; ++attempt) {
        std::array<char, 8> random{};
        if (::getrandom(random.data(), random.size(), 0) < 0) {
            return system_error("cannot name a temporary file for", path_, errno);
        }
        std::string name =
            directory_of(path_) + "/.bulla-" + text::to_hex(ByteView(random.data(), random.size()));
        const int fd = ::open(
            name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, static_cast<mode_t>(mode));
        if (fd >= 0) {
            fd_.reset(fd);
            temporary_ = std::move(name);
            remember_temporary(temporary_);
            return ok();
        }
        if (errno != EEXIST) {
            return system_error("cannot write", path_, errno);
        }
    }
    return system_error("cannot write", path_, EEXIST);
}

AtomicFile::AtomicFile(AtomicFile&& other) noexcept
    : fd_(std::move(other.fd_)), path_(std::move(other.path_)),
      temporary_(std::exchange(other.temporary_, {})), durability_(other.durability_) {}

AtomicFile::~AtomicFile() {
    if (!temporary_.empty()) {
        ::unlink(temporary_.c_str());
        forget_temporary(temporary_);
    }
}

Status AtomicFile::write(ByteView bytes) {
    auto status = write_all(fd_.value(), bytes);
    if (!status) {
        return std::move(status.error()).at(path_).with("file", text::printable(path_));
    }
    return ok();
}

Status AtomicFile::commit() {
    if (temporary_.empty()) {
        return ok();
    }
    if (durability_ == Durability::synced && ::fsync(fd_.value()) != 0) {
        return system_error("cannot write", path_, errno);
    }
    if (::rename(temporary_.c_str(), path_.c_str()) != 0) {
        return system_error("cannot write", path_, errno);
    }
    forget_temporary(temporary_);
    temporary_.clear();
    if (durability_ == Durability::synced) {
        const FileDescriptor directory(
            ::open(directory_of(path_).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
        if (directory.is_open()) {
            ::fsync(directory.value()); // some file systems refuse to sync a directory; the rename
                                        // stands either way
        }
    }
    return ok();
}

Status write_file_atomically(const std::string& path,
                             ByteView bytes,
                             Durability durability,
                             std::optional<unsigned> mode) {
    BULLA_TRY_ASSIGN(AtomicFile file, AtomicFile::create(path, durability, mode));
    BULLA_TRY(file.write(bytes));
    return file.commit();
}

void remove_temporary_files() noexcept {
    for (auto& slot : temporary_names) {
        if (const char* name = slot.load(); name != nullptr) {
            ::unlink(name);
        }
    }
}

} // namespace bulla
