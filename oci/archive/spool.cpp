// SPDX-License-Identifier: Apache-2.0
#include "oci/archive/spool.hpp"

#include "base/compress/decompressor.hpp"
#include "oci/archive/inflate.hpp"

#include <sys/stat.h>

#include <array>
#include <utility>

namespace bulla::oci {

Result<SeekableFile> make_seekable(FileDescriptor source) {
    struct stat info{};
    if (fstat(source.value(), &info) != 0 ||
        !(S_ISREG(info.st_mode) || S_ISFIFO(info.st_mode) || S_ISSOCK(info.st_mode))) {
        return Error{ErrorCode::malformed, "expected an archive in a file or from a pipe"};
    }
    FileReader reader(std::move(source), "the archive");
    if (S_ISREG(info.st_mode) && reader.position() == 0) {
        std::array<char, 8> start{};
        BULLA_TRY_ASSIGN(const std::size_t count, reader.read_at(start, 0));
        if (compress::detect(ByteView(start.data(), count)) == compress::Compression::none) {
            return SeekableFile{std::move(reader).release(),
                                static_cast<std::uint64_t>(info.st_size)};
        }
    }
    BULLA_TRY_ASSIGN(FileDescriptor target, make_unlinked_file());
    std::uint64_t size = 0;
    BULLA_TRY(inflate(reader, [&](ByteView bytes) {
        size += bytes.size();
        return write_all(target.value(), bytes);
    }));
    return SeekableFile{std::move(target), size};
}

} // namespace bulla::oci
