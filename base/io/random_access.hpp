// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/core/bytes.hpp"
#include "base/core/result.hpp"
#include "base/io/file.hpp"

#include <cstddef>
#include <cstdint>
#include <span>

namespace bulla {

/// Bytes that can be read at any place and any number of times. Reading changes nothing that a
/// caller sees.
class RandomAccess {
  public:
    virtual ~RandomAccess() = default;

    virtual std::uint64_t size() const = 0;

    /// Fills all of `into` from `offset` on. What reaches beyond the end is malformed; a failing
    /// disk is io.
    virtual Status read_at(std::uint64_t offset, std::span<char> into) const = 0;
};

/// Bytes in memory, which must outlive this.
class MemoryAccess final : public RandomAccess {
  public:
    explicit MemoryAccess(ByteView bytes) : bytes_(bytes) {}

    std::uint64_t size() const override { return bytes_.size(); }

    Status read_at(std::uint64_t offset, std::span<char> into) const override;

  private:
    ByteView bytes_;
};

/// A part of something else, which must outlive this.
class RangeAccess final : public RandomAccess {
  public:
    /// The part must lie inside of `whole`: whoever makes one has checked that.
    RangeAccess(const RandomAccess& whole, std::uint64_t offset, std::uint64_t size)
        : whole_(whole), offset_(offset), size_(size) {}

    std::uint64_t size() const override { return size_; }

    Status read_at(std::uint64_t offset, std::span<char> into) const override;

  private:
    const RandomAccess& whole_;
    std::uint64_t offset_;
    std::uint64_t size_;
};

/// Bytes that come as a stream and are then read at any place: in memory as long as they are few,
/// in an unlinked temporary file when they are many.
class SpillBuffer final : public RandomAccess {
  public:
    /// At most `in_memory` bytes are held; with the first byte more all of them go to the file.
    /// `expected` is how many may come, as far as somebody says so.
    SpillBuffer(std::size_t in_memory, std::uint64_t expected)
        : in_memory_(in_memory), expected_(expected) {}

    Status append(ByteView bytes);

    std::uint64_t size() const override { return size_; }

    Status read_at(std::uint64_t offset, std::span<char> into) const override;

    /// True if the bytes are in a file.
    bool is_spilled() const { return file_.is_open(); }

  private:
    std::size_t in_memory_;
    std::uint64_t expected_;
    std::uint64_t size_ = 0;
    Bytes memory_;
    FileDescriptor file_;
};

} // namespace bulla
