// SPDX-License-Identifier: Apache-2.0
#include "oci/archive/archive_file.hpp"

#include "base/core/limits.hpp"
#include "base/core/text.hpp"
#include "oci/archive/spool.hpp"

#include <fcntl.h>
#include <unistd.h>

namespace bulla::oci {

namespace {

std::string title_of(const std::string& path) {
    return path == "-" ? std::string("the archive on standard input")
                       : "the archive \"" + text::printable(path) + "\"";
}

Result<FileDescriptor> open_source(const std::string& path) {
    if (path != "-") {
        return open_file(path);
    }
    if (isatty(STDIN_FILENO) != 0) {
        return Error{ErrorCode::usage,
                     "an archive is expected on standard input, and that is a "
                     "terminal"}
            .with_hint("pipe one into it: `docker save NAME | …`");
    }
    return duplicate(STDIN_FILENO);
}

} // namespace

Result<ArchiveFile> ArchiveFile::open(const std::string& path) {
    BULLA_TRY_ASSIGN(FileDescriptor source, open_source(path));
    auto file = make_seekable(std::move(source));
    if (!file) {
        return std::move(file.error()).with("archive", text::printable(path));
    }
    FileReader reader(std::move(file->file), path);
    auto members = MemberIndex::read(reader, file->size);
    if (!members) {
        return std::move(members.error()).with("archive", text::printable(path));
    }
    return ArchiveFile(path, std::move(reader), std::move(*members));
}

std::string ArchiveFile::title() const {
    return title_of(path_);
}

Result<BlobFile> ArchiveFile::open_member(std::string_view member) const {
    const auto range = members_.find(file_, member);
    if (!range) {
        return Error(range.error()).with("archive", text::printable(path_));
    }
    BULLA_TRY_ASSIGN(FileDescriptor file, duplicate(file_.descriptor().value()));
    return BlobFile{.file = std::move(file), .size = range->size, .offset = range->offset};
}

Result<Bytes> ArchiveFile::read_member(std::string_view member, std::uint64_t limit) const {
    BULLA_TRY_ASSIGN(BlobFile file, open_member(member));
    const std::string what = "\"" + text::printable(member) + "\" in " + title();
    if (file.size > limit) {
        return Error{ErrorCode::limit_exceeded,
                     what + " has " + std::to_string(file.size) + " bytes, and the limit is " +
                         std::to_string(limit)};
    }
    const std::uint64_t size = file.size;
    const auto reader = make_reader(std::move(file), path_);
    BULLA_TRY_ASSIGN(Bytes bytes, read_all(*reader, limit, what));
    if (bytes.size() != size) {
        return Error{ErrorCode::malformed, what + " is cut off"};
    }
    return bytes;
}

} // namespace bulla::oci
