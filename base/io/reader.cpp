// SPDX-License-Identifier: Apache-2.0
#include "base/io/reader.hpp"

#include <algorithm>
#include <cstring>

namespace bulla {

Result<std::size_t> MemoryReader::read(std::span<char> into) {
    const std::size_t count = std::min(into.size(), rest_.size());
    std::memcpy(into.data(), rest_.data(), count);
    rest_.remove_prefix(count);
    return count;
}

Result<Bytes> read_all(Reader& reader, std::uint64_t limit, std::string_view what) {
    constexpr std::size_t kStep = 64 * 1024;
    Bytes bytes;
    while (true) {
        const std::size_t used = bytes.size();
        bytes.resize(used + kStep);
        BULLA_TRY_ASSIGN(const std::size_t count, reader.read(std::span(bytes).subspan(used)));
        bytes.resize(used + count);
        if (count == 0) {
            return bytes;
        }
        if (bytes.size() > limit) {
            return Error{ErrorCode::limit_exceeded,
                         std::string(what) + " is larger than the limit of " +
                             std::to_string(limit) + " bytes"};
        }
    }
}

} // namespace bulla
