// SPDX-License-Identifier: Apache-2.0
#include "oci/store/layout_folder.hpp"

#include "base/core/text.hpp"
#include "base/json/json.hpp"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

namespace bulla::oci {

namespace {

Error system_error(std::string_view action, const std::string& path, int number) {
    return Error{number == ENOENT ? ErrorCode::not_found : ErrorCode::io,
                 std::string(action) + " \"" + text::printable(path) +
                     "\": " + std::strerror(number)}
        .at(path);
}

/// Component by component without following symlinks, for kernels (before 5.6) and sandboxes
/// without openat2.
int open_stepwise(int directory, const std::string& name, int flags) {
    FileDescriptor current;
    int at = directory;
    std::string_view rest = name;
    while (true) {
        const std::string component(text::take_until(rest, '/'));
        const int step = rest.empty() ? flags : O_RDONLY | O_DIRECTORY;
        const int next = openat(at, component.c_str(), step | O_NOFOLLOW | O_CLOEXEC);
        if (next < 0 || rest.empty()) {
            return next;
        }
        current.reset(next);
        at = current.value();
    }
}

int open_without_symlinks(int directory, const std::string& name, int flags) {
    open_how how{};
    how.flags = static_cast<decltype(how.flags)>(flags | O_CLOEXEC);
    how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS;
    const long fd = syscall(SYS_openat2, directory, name.c_str(), &how, sizeof how);
    if (fd < 0 && (errno == ENOSYS || errno == EPERM)) {
        return open_stepwise(directory, name, flags);
    }
    return static_cast<int>(fd);
}

/// Holds every other writer of the same folder out while it lives. The lock is on the folder
/// itself, so nothing is left behind.
class FolderLock {
  public:
    static Result<FolderLock> take(const std::string& path) {
        FileDescriptor fd(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
        if (!fd.is_open()) {
            return system_error("cannot lock", path, errno);
        }
        while (flock(fd.value(), LOCK_EX) != 0) {
            if (errno != EINTR) {
                return system_error("cannot lock", path, errno);
            }
        }
        return FolderLock(std::move(fd));
    }

  private:
    explicit FolderLock(FileDescriptor fd) : fd_(std::move(fd)) {}

    FileDescriptor fd_;
};

} // namespace

std::string blob_name(const Digest& digest) {
    return "blobs/" + std::string(bulla::to_string(digest.algorithm())) + "/" + digest.hex();
}

Status check_layout_text(ByteView text, const std::string& what) {
    const auto document = json::Document::parse(text);
    const auto version = document ? document->root()["imageLayoutVersion"].string()
                                  : std::optional<std::string_view>();
    if (!version || !version->starts_with("1.")) {
        return Error{ErrorCode::malformed, what + " does not announce layout version 1.0.0"};
    }
    return ok();
}

Result<LayoutFolder> LayoutFolder::open_directory(const std::string& path) {
    FileDescriptor fd(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!fd.is_open()) {
        const int number = errno;
        if (number == ENOENT) {
            return Error{ErrorCode::not_found,
                         "there is no folder \"" + text::printable(path) + "\""}
                .at(path);
        }
        return system_error("cannot open the layout", path, number);
    }
    return LayoutFolder(path, std::move(fd));
}

Status LayoutFolder::check_layout_file() const {
    auto text = read_beneath("oci-layout", kLayoutFileBytes);
    if (!text) {
        if (text.error().code != ErrorCode::not_found) {
            return std::move(text.error());
        }
        return Error{ErrorCode::malformed,
                     "\"" + text::printable(path_) +
                         "\" is not an OCI image layout: it has no file oci-layout"}
            .at(path_);
    }
    auto status = check_layout_text(*text, "\"" + text::printable(path_) + "/oci-layout\"");
    return status ? status : std::move(status.error()).at(path_);
}

Result<LayoutFolder> LayoutFolder::open(const std::string& path) {
    BULLA_TRY_ASSIGN(LayoutFolder out, open_directory(path));
    BULLA_TRY(out.check_layout_file());
    BULLA_TRY(out.read_index());
    return out;
}

Result<LayoutFolder> LayoutFolder::create_or_open(const std::string& path) {
    std::error_code problem;
    std::filesystem::create_directories(path, problem);
    if (problem && !std::filesystem::is_directory(path)) {
        return Error{ErrorCode::io,
                     "cannot make the folder \"" + text::printable(path) +
                         "\": " + problem.message()};
    }
    BULLA_TRY_ASSIGN(LayoutFolder out, open_directory(path));
    BULLA_TRY_ASSIGN(const FolderLock lock, FolderLock::take(path));
    struct stat info{};
    const bool has_layout = fstatat(out.directory_.value(), "oci-layout", &info, 0) == 0;
    if (!has_layout && !std::filesystem::is_empty(path, problem)) {
        return Error{ErrorCode::usage,
                     "\"" + text::printable(path) +
                         "\" holds other files and is no OCI image layout"}
            .with_hint("name a new or empty folder");
    }
    if (!has_layout) {
        const std::string index = RawIndex().encode();
        BULLA_TRY(write_file_atomically(path + "/index.json", index, Durability::relaxed));
        BULLA_TRY(write_file_atomically(path + "/oci-layout", kLayoutText, Durability::relaxed));
    }
    BULLA_TRY(out.check_layout_file());
    BULLA_TRY(out.read_index());
    return out;
}

Result<FileDescriptor> LayoutFolder::open_beneath(const std::string& name, int flags) const {
    // Without O_NONBLOCK a FIFO of that name would hold us up for ever.
    FileDescriptor fd(open_without_symlinks(directory_.value(), name, flags | O_NONBLOCK));
    const std::string shown = path_ + "/" + name;
    if (!fd.is_open()) {
        const int number = errno;
        if (number == ELOOP || number == EXDEV) {
            return Error{ErrorCode::malformed,
                         "\"" + text::printable(shown) +
                             "\" is behind a symbolic link, which layouts may not hold"};
        }
        return system_error("cannot open", shown, number);
    }
    return fd;
}

Result<Bytes> LayoutFolder::read_beneath(const std::string& name, std::uint64_t limit) const {
    BULLA_TRY_ASSIGN(FileDescriptor fd, open_beneath(name, O_RDONLY));
    FileReader reader(std::move(fd), path_ + "/" + name);
    return read_all(reader, limit, "\"" + text::printable(path_ + "/" + name) + "\"");
}

Result<RawIndex> LayoutFolder::read_index() const {
    auto bytes = read_beneath("index.json", limits::kManifestBytes);
    if (!bytes) {
        if (bytes.error().code != ErrorCode::not_found) {
            return std::move(bytes.error());
        }
        return Error{ErrorCode::malformed,
                     "\"" + text::printable(path_) +
                         "\" is not an OCI image layout: it has no file index.json"}
            .at(path_);
    }
    auto index = RawIndex::parse(*bytes, media_type::kIndex);
    if (!index) {
        return std::move(index.error()).at(path_ + "/index.json");
    }
    return index;
}

Status LayoutFolder::edit_index(const std::function<Result<Edited>(RawIndex&)>& edit) const {
    BULLA_TRY_ASSIGN(const FolderLock lock, FolderLock::take(path_));
    BULLA_TRY_ASSIGN(RawIndex index, read_index());
    BULLA_TRY_ASSIGN(const Edited edited, edit(index));
    if (edited == Edited::no) {
        return ok();
    }
    return write_file_atomically(path_ + "/index.json", index.encode(), Durability::synced);
}

std::string LayoutFolder::name() const {
    return "oci:" + path_;
}

std::string LayoutFolder::title() const {
    return "the layout \"" + text::printable(path_) + "\"";
}

Result<BlobFile> LayoutFolder::open_blob(const Digest& digest) const {
    auto fd = open_beneath(blob_name(digest), O_RDONLY);
    if (!fd && fd.error().code == ErrorCode::not_found) {
        return Error{ErrorCode::not_found,
                     digest.to_string() + " is not in the layout \"" + text::printable(path_) +
                         "\""};
    }
    if (!fd) {
        return std::move(fd.error());
    }
    struct stat info{};
    if (fstat(fd->value(), &info) != 0 || !S_ISREG(info.st_mode)) {
        return Error{ErrorCode::malformed,
                     "the blob " + digest.to_string() + " in \"" + text::printable(path_) +
                         "\" is not a regular file"};
    }
    return BlobFile{.file = std::move(*fd), .size = static_cast<std::uint64_t>(info.st_size)};
}

Result<bool> LayoutFolder::has_blob(const Digest& digest, std::uint64_t size) const {
    const auto found = open_blob(digest);
    if (!found) {
        return found.error().code == ErrorCode::not_found ? Result<bool>(false) : found.error();
    }
    return found->size == size;
}

Result<AtomicFile> LayoutFolder::create_blob(const Digest& digest) const {
    const std::string folder = "blobs/" + std::string(bulla::to_string(digest.algorithm()));
    for (const std::string& name : {std::string("blobs"), folder}) {
        if (mkdirat(directory_.value(), name.c_str(), 0755) != 0 && errno != EEXIST) {
            return system_error("cannot make the folder", path_ + "/" + name, errno);
        }
    }
    BULLA_TRY(open_beneath(folder, O_RDONLY | O_DIRECTORY));
    // Relaxed: a blob lost in a power cut is noticed by its digest; index.json is synced.
    return AtomicFile::create(path_ + "/" + blob_name(digest), Durability::relaxed);
}

Status LayoutFolder::write_blob(const Descriptor& blob, Reader& content) const {
    BULLA_TRY_ASSIGN(AtomicFile file, create_blob(blob.digest));
    constexpr std::size_t kBlock = 256 * limits::kKiB;
    const auto block = std::make_unique<char[]>(kBlock);
    while (true) {
        BULLA_TRY_ASSIGN(const std::size_t count, content.read(std::span(block.get(), kBlock)));
        if (count == 0) {
            return file.commit();
        }
        BULLA_TRY(file.write(ByteView(block.get(), count)));
    }
}

} // namespace bulla::oci
