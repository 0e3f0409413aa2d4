// SPDX-License-Identifier: Apache-2.0
#include "oci/layer/blob_reader.hpp"

#include <fcntl.h>

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace bulla::oci {

namespace {

FileDescriptor advise_sequential(FileDescriptor file) {
    posix_fadvise(file.value(), 0, 0, POSIX_FADV_SEQUENTIAL); // a hint; pipes refuse it
    return file;
}

} // namespace

BlobReader::BlobReader(FileDescriptor blob,
                       Digest expected_digest,
                       std::uint64_t expected_size,
                       std::optional<std::uint64_t> offset,
                       ProgressTask& progress)
    : file_(advise_sequential(std::move(blob)), expected_digest.to_string()), offset_(offset),
      expected_digest_(std::move(expected_digest)), expected_size_(expected_size),
      hasher_(expected_digest_.algorithm()), progress_(progress) {}

Result<std::size_t> BlobReader::read(std::span<char> into) {
    into = into.first(std::min<std::uint64_t>(into.size(), expected_size_ - read_));
    std::size_t filled = 0;
    while (filled < into.size()) {
        BULLA_TRY_ASSIGN(const std::size_t count, read_some(into.subspan(filled), read_ + filled));
        if (count == 0) {
            return Error{ErrorCode::integrity,
                         "expected " + std::to_string(expected_size_) +
                             " bytes of layer and found " + std::to_string(read_ + filled)};
        }
        filled += count;
    }
    if (filled == 0) {
        BULLA_TRY(check_end());
        return 0U;
    }
    read_ += filled;
    hasher_.update(ByteView(into.data(), filled));
    progress_.advance(filled);
    return filled;
}

Result<std::size_t> BlobReader::read_some(std::span<char> into, std::uint64_t at) {
    return offset_ ? file_.read_at(into, *offset_ + at) : file_.read(into);
}

Status BlobReader::check_end() {
    if (verified_) {
        return ok();
    }
    if (!offset_) {
        std::array<char, 1> beyond{};
        BULLA_TRY_ASSIGN(const std::size_t more, file_.read(beyond));
        if (more != 0) {
            return Error{ErrorCode::integrity,
                         "expected " + std::to_string(expected_size_) +
                             " bytes of layer and found more"};
        }
    }
    const Digest found = hasher_.finish_digest();
    if (found != expected_digest_) {
        return Error{ErrorCode::integrity, "a layer's bytes do not have the digest they should"}
            .with("expected", expected_digest_.to_string())
            .with("found", found.to_string());
    }
    verified_ = true;
    return ok();
}

} // namespace bulla::oci
