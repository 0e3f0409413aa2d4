// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/core/bytes.hpp"
#include "base/core/result.hpp"
#include "base/io/reader.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

namespace bulla {

/// Owns a file descriptor; move-only.
class FileDescriptor {
  public:
    FileDescriptor() = default;

    explicit FileDescriptor(int fd) : fd_(fd) {}

    FileDescriptor(FileDescriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

    FileDescriptor& operator=(FileDescriptor&& other) noexcept {
        reset(std::exchange(other.fd_, -1));
        return *this;
    }

    FileDescriptor(const FileDescriptor&) = delete;
    FileDescriptor& operator=(const FileDescriptor&) = delete;

    ~FileDescriptor() { reset(); }

    int value() const { return fd_; }

    bool is_open() const { return fd_ >= 0; }

    /// Closes what is held and takes `fd` instead.
    void reset(int fd = -1);

    /// Gives the descriptor away without closing it.
    int release() { return std::exchange(fd_, -1); }

  private:
    int fd_ = -1;
};

/// Reads a descriptor from its current position. Retries on EINTR.
class FileReader final : public Reader {
  public:
    explicit FileReader(FileDescriptor fd, std::string name = {})
        : fd_(std::move(fd)), name_(std::move(name)) {}

    Result<std::size_t> read(std::span<char> into) override;

    /// Reads at a position of a file that can be sought, and leaves the current position alone.
    Result<std::size_t> read_at(std::span<char> into, std::uint64_t offset) const;

    /// Where the next `read` begins; nothing for what cannot be sought.
    std::optional<std::uint64_t> position() const;

    const FileDescriptor& descriptor() const { return fd_; }

    FileDescriptor release() && { return std::move(fd_); }

  private:
    FileDescriptor fd_;
    std::string name_;
};

/// A second descriptor of the same open file.
Result<FileDescriptor> duplicate(int descriptor);

/// Opens a file for reading, close-on-exec. A missing file is not_found, anything else io.
Result<FileDescriptor> open_file(const std::string& path);

/// Reads a whole file of at most `limit` bytes. A directory is malformed.
Result<Bytes> read_file(const std::string& path, std::uint64_t limit);

/// Writes all bytes to a descriptor, retrying partial writes and EINTR.
Status write_all(int fd, ByteView bytes);

/// An unnamed temporary file in TMPDIR (else /tmp): it has no path, so nothing is left behind
/// however the process ends. Opened for reading and writing.
Result<FileDescriptor> make_unlinked_file();

enum class Durability : std::uint8_t {
    synced,  ///< data and directory entry reach the disk before success is reported
    relaxed, ///< for caches: atomic, but may be lost in a power cut
};

/// Writes a file so that a reader sees the old bytes or all of the new ones: a temporary file
/// beside it, renamed over it. The temporary name is registered and removed if the process is
/// interrupted (remove_temporary_files). `mode` is the permission
/// bits the file is to have; without it an existing file keeps its own, and a new one has what the
/// umask leaves of 0666. Something
/// that is not a regular file (/dev/null, a FIFO, /dev/fd/63) is written in place and never renamed
/// over.
Status write_file_atomically(const std::string& path,
                             ByteView bytes,
                             Durability durability = Durability::synced,
                             std::optional<unsigned> mode = std::nullopt);

/// As write_file_atomically, for content that comes in pieces. Without `commit` the destructor
/// removes what was written; the target stays as it was.
class AtomicFile {
  public:
    static Result<AtomicFile> create(std::string path,
                                     Durability durability = Durability::synced,
                                     std::optional<unsigned> mode = std::nullopt);

    AtomicFile(AtomicFile&& other) noexcept;
    AtomicFile& operator=(AtomicFile&&) = delete;
    AtomicFile(const AtomicFile&) = delete;
    ~AtomicFile();

    Status write(ByteView bytes);

    /// Makes the content visible under the target's name. Call once, last.
    Status commit();

    int descriptor() const { return fd_.value(); }

  private:
    AtomicFile() = default;

    Status open_beside(unsigned mode);

    FileDescriptor fd_;
    std::string path_;
    std::string temporary_; ///< empty when written in place
    Durability durability_ = Durability::synced;
};

/// Removes the temporary files of every AtomicFile that is still open. Async-signal-safe: called
/// from the handler of SIGINT and SIGTERM before the process ends.
void remove_temporary_files() noexcept;

} // namespace bulla
