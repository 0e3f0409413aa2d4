// SPDX-License-Identifier: Apache-2.0
#include "sbom/catalogers/rpm_file.hpp"

#include <utility>

namespace bulla::sbom {

RpmFile::RpmFile(const FileView& view, FileEntry entry)
    : size_(entry.size),
      read_([&view, entry = std::move(entry)](std::uint64_t offset, std::uint64_t length) {
          return view.read_range(entry, offset, length);
      }) {}

RpmFile::RpmFile(ByteView bytes)
    : size_(bytes.size()), read_([bytes](std::uint64_t offset, std::uint64_t length) {
          return Result<FileContent>(FileContent::borrowed(bytes.substr(offset, length)));
      }) {}

Result<FileContent> RpmFile::read(std::uint64_t offset, std::uint64_t length) const {
    if (offset > size_ || length > size_ - offset) {
        return damaged("it ends at byte " + std::to_string(size_) + ", expected " +
                       std::to_string(length) + " bytes at " + std::to_string(offset));
    }
    return read_(offset, length);
}

Error damaged(std::string text) {
    return Error{ErrorCode::malformed, std::move(text)};
}

} // namespace bulla::sbom
