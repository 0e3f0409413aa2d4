// SPDX-License-Identifier: Apache-2.0
#include "base/io/random_access.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string>

namespace bulla {

namespace {

Status check_range(std::uint64_t size, std::uint64_t offset, std::size_t count) {
    if (offset > size || count > size - offset) {
        return Error{ErrorCode::malformed,
                     "expected " + std::to_string(count) + " bytes at offset " +
                         std::to_string(offset) + " and found the end at " + std::to_string(size)};
    }
    return ok();
}

} // namespace

Status MemoryAccess::read_at(std::uint64_t offset, std::span<char> into) const {
    BULLA_TRY(check_range(bytes_.size(), offset, into.size()));
    std::copy_n(bytes_.begin() + static_cast<std::ptrdiff_t>(offset), into.size(), into.begin());
    return ok();
}

Status RangeAccess::read_at(std::uint64_t offset, std::span<char> into) const {
    BULLA_TRY(check_range(size_, offset, into.size()));
    return whole_.read_at(offset_ + offset, into);
}

Status SpillBuffer::append(ByteView bytes) {
    if (!file_.is_open() && bytes.size() <= in_memory_ - memory_.size()) {
        if (memory_.empty()) {
            memory_.reserve(
                static_cast<std::size_t>(std::min<std::uint64_t>(expected_, in_memory_)));
        }
        memory_ += bytes;
        size_ += bytes.size();
        return ok();
    }
    if (!file_.is_open()) {
        BULLA_TRY_ASSIGN(file_, make_unlinked_file());
        BULLA_TRY(write_all(file_.value(), memory_));
        memory_ = Bytes();
    }
    BULLA_TRY(write_all(file_.value(), bytes));
    size_ += bytes.size();
    return ok();
}

Status SpillBuffer::read_at(std::uint64_t offset, std::span<char> into) const {
    if (!file_.is_open()) {
        return MemoryAccess(memory_).read_at(offset, into);
    }
    BULLA_TRY(check_range(size_, offset, into.size()));
    while (!into.empty()) {
        const ssize_t count =
            ::pread(file_.value(), into.data(), into.size(), static_cast<off_t>(offset));
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count <= 0) {
            return Error{ErrorCode::io,
                         std::string("cannot read a temporary file: ") +
                             (count < 0 ? std::strerror(errno) : "it became shorter")};
        }
        into = into.subspan(static_cast<std::size_t>(count));
        offset += static_cast<std::uint64_t>(count);
    }
    return ok();
}

} // namespace bulla
