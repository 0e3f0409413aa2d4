// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/core/bytes.hpp"
#include "base/core/result.hpp"
#include "base/io/reader.hpp"

#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

namespace bulla::oci {

/// A stream as a sequence of blocks that are looked at in place.
class BlockSource {
  public:
    virtual ~BlockSource() = default;

    /// The next block, good until the next call; an empty one is the end. The end and an error
    /// stay: who asks again is answered the same again.
    virtual Result<ByteView> next() = 0;
};

/// Reads each block when it is asked for: what pays on small layers, where starting threads costs
/// more than they save.
class DirectBlocks final : public BlockSource {
  public:
    DirectBlocks(Reader& reader, std::size_t block_bytes);

    Result<ByteView> next() override;

  private:
    Reader& reader_;
    std::size_t block_bytes_;
    std::unique_ptr<char[]> block_;
};

/// Reads ahead on a thread of its own into a ring of blocks. The reader is used by that thread
/// alone until `next` has returned the end or an error, or this object is destroyed. Where no
/// thread can be had it reads as DirectBlocks does.
class ReadAhead final : public BlockSource {
  public:
    ReadAhead(Reader& reader, std::size_t block_bytes, std::size_t blocks);
    ReadAhead(const ReadAhead&) = delete;
    ReadAhead& operator=(const ReadAhead&) = delete;

    /// Stops and joins the thread; a read it is in the middle of is waited for.
    ~ReadAhead() override;

    Result<ByteView> next() override;

  private:
    struct Block {
        std::unique_ptr<char[]> bytes;
        std::size_t size = 0;
        std::optional<Error> error;
    };

    void run() noexcept;
    void fill(Block& block) noexcept;
    bool wait_for_free_block();

    Reader& reader_;
    std::size_t block_bytes_;
    std::vector<Block> ring_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::size_t filled_ = 0; ///< blocks made so far; guarded by mutex_, as the next two
    std::size_t taken_ = 0;  ///< blocks the consumer is done with
    bool stopping_ = false;
    bool holding_ = false; ///< the consumer looks at block taken_
    std::thread thread_;
};

} // namespace bulla::oci
