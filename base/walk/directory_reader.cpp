// SPDX-License-Identifier: Apache-2.0
#include "base/walk/directory_reader.hpp"

#include "base/core/limits.hpp"
#include "base/core/text.hpp"
#include "base/io/file.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <map>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

namespace bulla::walk {

namespace {

constexpr std::string_view kVanished = "it vanished while the folder was read";
constexpr std::string_view kChanged = "it changed while it was read";

struct CloseDirectory {
    void operator()(DIR* directory) const { ::closedir(directory); }
};

/// The names in a folder, sorted, without "." and ".."; an errno if they cannot be had.
int list_names(int folder, std::vector<std::string>& names) {
    const int copy = fcntl(folder, F_DUPFD_CLOEXEC, 0);
    const std::unique_ptr<DIR, CloseDirectory> directory(copy < 0 ? nullptr : ::fdopendir(copy));
    if (!directory) {
        return errno;
    }
    while (true) {
        errno = 0;
        // NOLINTNEXTLINE(concurrency-mt-unsafe): nobody else has this stream
        const dirent* const entry = ::readdir(directory.get());
        if (entry == nullptr && errno != 0) {
            return errno;
        }
        if (entry == nullptr) {
            break;
        }
        const std::string_view name = entry->d_name;
        if (name != "." && name != "..") {
            names.emplace_back(name);
        }
        if (names.size() > limits::kLayerEntries) {
            break; // the walk will say so
        }
    }
    std::ranges::sort(names);
    return 0;
}

/// Whether an open file is still as it was when it was looked at.
bool is_unchanged(const FileReader& file, const struct stat& then) {
    struct stat now{};
    return fstat(file.descriptor().value(), &now) == 0 && S_ISREG(now.st_mode) &&
           now.st_dev == then.st_dev && now.st_ino == then.st_ino && now.st_size == then.st_size &&
           now.st_mtim.tv_sec == then.st_mtim.tv_sec && now.st_mtim.tv_nsec == then.st_mtim.tv_nsec;
}

class DirectoryReader {
  public:
    explicit DirectoryReader(const EntryRouter& router) : router_(router) {}

    Result<DirectoryFacts> read(FileDescriptor root);

  private:
    /// A folder we are in.
    struct Level {
        FileDescriptor folder;
        std::vector<std::string> names{};
        std::size_t next = 0;
        std::size_t path_size = 0; ///< of its own path
    };

    void enter(FileDescriptor folder);
    Status visit(int folder, const std::string& name);
    Status visit_folder(int parent, const std::string& name, const struct stat& info);
    Status visit_link(int folder, const std::string& name);
    Status visit_regular(int folder, const std::string& name, const struct stat& info);
    Status add_content(int folder, const std::string& name, const struct stat& info);
    std::optional<FileReader>
    open_same(int folder, const std::string& name, const struct stat& info);
    std::optional<Bytes> read_whole(const FileReader& file, const struct stat& info);
    Status scan(const FileReader& file, const struct stat& info, const Route& route);
    Status add(EntryKind kind, std::string_view target = {}, std::uint64_t size = 0);
    void skip(std::string_view reason);
    void skip_for(int number);

    const EntryRouter& router_;
    LayerFactsWriter writer_;
    std::vector<UnreadFile> unread_;
    std::vector<Level> levels_;
    std::string path_;                                      ///< of what is being visited
    std::map<std::pair<dev_t, ino_t>, std::string> linked_; ///< files with several names, the first
    dev_t device_ = 0;
    std::uint64_t entries_ = 0;
};

void DirectoryReader::skip(std::string_view reason) {
    unread_.push_back({path_, std::string(reason)});
}

void DirectoryReader::skip_for(int number) {
    skip(number == ENOENT ? kVanished : std::string_view(std::strerror(number)));
}

Status DirectoryReader::add(EntryKind kind, std::string_view target, std::uint64_t size) {
    EntryFact fact;
    fact.kind = kind;
    fact.path = path_;
    fact.target = target;
    fact.size = size;
    return writer_.add(fact);
}

void DirectoryReader::enter(FileDescriptor folder) {
    Level level{.folder = std::move(folder), .path_size = path_.size()};
    if (const int number = list_names(level.folder.value(), level.names); number != 0) {
        skip_for(number);
    }
    levels_.push_back(std::move(level));
}

Result<DirectoryFacts> DirectoryReader::read(FileDescriptor root) {
    struct stat info{};
    if (fstat(root.value(), &info) != 0) {
        return Error{ErrorCode::io, std::string("cannot read the folder: ") + std::strerror(errno)};
    }
    device_ = info.st_dev;
    enter(std::move(root));
    while (!levels_.empty()) {
        Level& level = levels_.back();
        path_.resize(level.path_size);
        if (level.next == level.names.size()) {
            levels_.pop_back();
            continue;
        }
        const std::string name = std::move(level.names[level.next++]);
        path_ += (path_.empty() ? "" : "/") + name;
        BULLA_TRY(visit(level.folder.value(), name)); // may add a level
    }
    BULLA_TRY_ASSIGN(auto finished, writer_.finish({}));
    BULLA_TRY_ASSIGN(LayerFacts facts,
                     LayerFacts::parse(std::move(finished.bytes), std::move(finished.overflow)));
    return DirectoryFacts{std::move(facts), std::move(unread_)};
}

Status DirectoryReader::visit(int folder, const std::string& name) {
    if (++entries_ > limits::kLayerEntries) {
        return Error{ErrorCode::limit_exceeded,
                     "expected at most " + std::to_string(limits::kLayerEntries) +
                         " files in the folder and found more"};
    }
    if (path_.size() > limits::kPathBytes) {
        skip("its path is too long");
        return ok();
    }
    if (name.starts_with(".wh.")) { // would hide another file in the merged tree
        skip("its name means a deletion in a layer");
        return ok();
    }
    struct stat info{};
    if (fstatat(folder, name.c_str(), &info, AT_SYMLINK_NOFOLLOW) != 0) {
        skip_for(errno);
        return ok();
    }
    switch (info.st_mode & S_IFMT) {
    case S_IFDIR:
        return visit_folder(folder, name, info);
    case S_IFLNK:
        return visit_link(folder, name);
    case S_IFREG:
        return visit_regular(folder, name, info);
    case S_IFCHR:
        return add(EntryKind::character_device);
    case S_IFBLK:
        return add(EntryKind::block_device);
    default: // a FIFO or a socket, neither of which has content
        return add(EntryKind::fifo);
    }
}

Status DirectoryReader::visit_folder(int parent, const std::string& name, const struct stat& info) {
    BULLA_TRY(add(EntryKind::directory));
    if (info.st_dev != device_) {
        writer_.note("\"" + text::printable(path_) +
                     "\" is another file system that is mounted there, and is not read");
        return ok();
    }
    if (levels_.size() > limits::kDirectoryDepth) {
        skip("folders are nested too deep");
        return ok();
    }
    FileDescriptor folder(
        openat(parent, name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    struct stat opened{};
    if (!folder.is_open() || fstat(folder.value(), &opened) != 0) {
        skip_for(errno);
        return ok();
    }
    if (opened.st_dev != info.st_dev || opened.st_ino != info.st_ino) {
        skip(kChanged);
        return ok();
    }
    enter(std::move(folder));
    return ok();
}

Status DirectoryReader::visit_link(int folder, const std::string& name) {
    std::array<char, limits::kPathBytes + 1> target{};
    const ssize_t size = readlinkat(folder, name.c_str(), target.data(), target.size());
    if (size < 0) {
        skip_for(errno);
        return ok();
    }
    return add(EntryKind::symlink, {target.data(), static_cast<std::size_t>(size)});
}

Status
DirectoryReader::visit_regular(int folder, const std::string& name, const struct stat& info) {
    if (info.st_nlink > 1) {
        const auto [first, is_new] = linked_.try_emplace({info.st_dev, info.st_ino}, path_);
        if (!is_new) {
            return add(EntryKind::hard_link, first->second);
        }
    }
    return add_content(folder, name, info);
}

Status DirectoryReader::add_content(int folder, const std::string& name, const struct stat& info) {
    EntryFact fact;
    fact.path = path_;
    fact.size = static_cast<std::uint64_t>(info.st_size);
    const Route route = router_.route(path_);
    const bool keeps = route.keep && fact.size <= route.max_bytes;
    const bool peeks = fact.size >= kScanHeadBytes && router_.recognises();
    fact.content_state = route.keep && !keeps ? ContentState::too_large : ContentState::none;
    const bool scans = route.scanners != 0 && fact.size > 0;
    if (!keeps && !peeks && !scans) {
        return writer_.add(fact);
    }
    auto file = open_same(folder, name, info);
    if (!file) {
        return writer_.add(fact); // known to be there, and unread
    }
    std::optional<Bytes> content;
    if (keeps) {
        content = read_whole(*file, info);
    }
    if (content) {
        BULLA_TRY(writer_.begin_content(fact));
        BULLA_TRY(writer_.append_content(*content));
        BULLA_TRY(writer_.end_content());
    } else {
        BULLA_TRY(writer_.add(fact));
    }
    return peeks || scans ? scan(*file, info, route) : ok();
}

/// Streams the file through the scanners that want it. What they found counts only if the file was
/// the same before and after.
Status DirectoryReader::scan(const FileReader& file, const struct stat& info, const Route& route) {
    const auto size = static_cast<std::uint64_t>(info.st_size);
    std::array<char, kScanHeadBytes> head{};
    BULLA_TRY_ASSIGN(const std::size_t first, file.read_at(head, 0));
    ScannerSet wanted = size > 0 ? route.scanners : 0;
    if (first == head.size()) {
        wanted |= router_.recognise(ByteView(head.data(), head.size()));
    }
    if (wanted == 0) {
        return ok();
    }
    std::vector<std::pair<std::uint32_t, std::unique_ptr<EntryScanner>>> scanners;
    const auto kinds = router_.scanners();
    for (std::uint32_t i = 0; i < kinds.size(); ++i) {
        if ((wanted >> i & 1U) != 0) {
            scanners.emplace_back(i, kinds[i].make(size, route.effort));
        }
    }
    constexpr std::size_t kBlock = 256 * limits::kKiB;
    const auto block = std::make_unique_for_overwrite<char[]>(kBlock);
    for (std::uint64_t at = 0; at < size;) {
        const auto count = file.read_at(
            std::span(block.get(),
                      static_cast<std::size_t>(std::min<std::uint64_t>(kBlock, size - at))),
            at);
        if (!count || *count == 0) {
            skip(count ? kChanged : std::string_view(count.error().message));
            return ok();
        }
        for (const auto& [number, scanner] : scanners) {
            BULLA_TRY(scanner->feed(ByteView(block.get(), *count)));
        }
        at += *count;
    }
    if (!is_unchanged(file, info)) {
        skip(kChanged);
        return ok();
    }
    for (const auto& [number, scanner] : scanners) {
        BULLA_TRY_ASSIGN(const ScanResult result, scanner->finish());
        BULLA_TRY(writer_.add_scan(number, result));
    }
    return ok();
}

/// Nothing, and an entry among the unread, if it cannot be opened or is not what was looked at.
std::optional<FileReader>
DirectoryReader::open_same(int folder, const std::string& name, const struct stat& info) {
    // Between the look and this somebody may have put a FIFO there, which must not hold us up.
    FileDescriptor file(
        openat(folder, name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
    if (!file.is_open()) {
        skip_for(errno);
        return std::nullopt;
    }
    FileReader reader(std::move(file), path_);
    if (!is_unchanged(reader, info)) {
        skip(kChanged);
        return std::nullopt;
    }
    return reader;
}

/// Nothing, and an entry among the unread, unless the file was the same before and after.
std::optional<Bytes> DirectoryReader::read_whole(const FileReader& file, const struct stat& info) {
    Bytes content(static_cast<std::size_t>(info.st_size), '\0');
    std::size_t filled = 0;
    while (filled < content.size()) {
        const auto count = file.read_at(std::span(content).subspan(filled), filled);
        if (!count) {
            skip(count.error().message);
            return std::nullopt;
        }
        if (*count == 0) {
            break;
        }
        filled += *count;
    }
    if (filled < content.size() || !is_unchanged(file, info)) {
        skip(kChanged);
        return std::nullopt;
    }
    return content;
}

} // namespace

Result<DirectoryFacts> read_directory(const std::string& path, const EntryRouter& router) {
    FileDescriptor root(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!root.is_open()) {
        const int number = errno;
        const std::string shown = "\"" + text::printable(path) + "\"";
        if (number == ENOENT) {
            return Error{ErrorCode::not_found, "there is no folder " + shown}.at(path);
        }
        if (number == ENOTDIR) {
            return Error{ErrorCode::malformed, shown + " is not a folder"}.at(path);
        }
        return Error{ErrorCode::io, "cannot open " + shown + ": " + std::strerror(number)}.at(path);
    }
    return DirectoryReader(router).read(std::move(root));
}

} // namespace bulla::walk
