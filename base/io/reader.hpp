// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/core/bytes.hpp"
#include "base/core/result.hpp"

#include <cstddef>
#include <cstdint>
#include <span>

namespace bulla {

/// A stream of bytes read once from front to back. Not thread-safe; may be moved between threads.
class Reader {
  public:
    virtual ~Reader() = default;

    /// Fills at most `into.size()` bytes and returns how many; 0 means the end, and only then.
    /// Fewer bytes than asked for are not an end. After an error the reader is not used again.
    virtual Result<std::size_t> read(std::span<char> into) = 0;
};

/// Reads bytes that stay alive elsewhere.
class MemoryReader final : public Reader {
  public:
    explicit MemoryReader(ByteView bytes) : rest_(bytes) {}

    Result<std::size_t> read(std::span<char> into) override;

  private:
    ByteView rest_;
};

/// Reads everything up to the end. More than `limit` bytes is limit_exceeded; `what` names the
/// thing in the message.
Result<Bytes> read_all(Reader& reader, std::uint64_t limit, std::string_view what);

} // namespace bulla
