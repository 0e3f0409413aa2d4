// SPDX-License-Identifier: Apache-2.0
#include "oci/layer/blocks.hpp"

#include <algorithm>
#include <exception>
#include <span>
#include <system_error>

namespace bulla::oci {

DirectBlocks::DirectBlocks(Reader& reader, std::size_t block_bytes)
    : reader_(reader), block_bytes_(block_bytes),
      block_(std::make_unique_for_overwrite<char[]>(block_bytes)) {}

Result<ByteView> DirectBlocks::next() {
    BULLA_TRY_ASSIGN(const std::size_t size, reader_.read(std::span(block_.get(), block_bytes_)));
    return ByteView(block_.get(), size);
}

ReadAhead::ReadAhead(Reader& reader, std::size_t block_bytes, std::size_t blocks)
    : reader_(reader), block_bytes_(block_bytes), ring_(blocks) {
    for (auto& block : ring_) {
        block.bytes = std::make_unique_for_overwrite<char[]>(block_bytes);
    }
    try {
        thread_ = std::thread([this] { run(); });
    } catch (const std::system_error&) {
        stopping_ = true; // no thread to be had: `next` reads by itself
    }
}

ReadAhead::~ReadAhead() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    changed_.notify_all();
    if (thread_.joinable()) {
        thread_.join();
    }
}

void ReadAhead::fill(Block& block) noexcept {
    block.size = 0;
    block.error.reset();
    try {
        auto size = reader_.read(std::span(block.bytes.get(), block_bytes_));
        if (size) {
            block.size = *size;
        } else {
            block.error = std::move(size.error());
        }
    } catch (const std::exception& failure) { // std::bad_alloc; nothing may leave the thread
        block.error = Error{ErrorCode::internal, failure.what()};
    }
}

bool ReadAhead::wait_for_free_block() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return stopping_ || filled_ - taken_ < ring_.size(); });
    return !stopping_;
}

void ReadAhead::run() noexcept {
    bool more = true;
    while (more && wait_for_free_block()) {
        // Blocks between taken_ and filled_ are the consumer's, this one is ours.
        Block& block = ring_[filled_ % ring_.size()];
        fill(block);
        more = block.size > 0;
        {
            const std::lock_guard lock(mutex_);
            ++filled_;
        }
        changed_.notify_all();
    }
}

Result<ByteView> ReadAhead::next() {
    if (!thread_.joinable()) {
        fill(ring_[0]);
    } else {
        std::unique_lock lock(mutex_);
        // The block that ends the stream is never given back, so that it answers again.
        if (holding_ && ring_[taken_ % ring_.size()].size > 0) {
            ++taken_;
            changed_.notify_all();
        }
        holding_ = true;
        changed_.wait(lock, [this] { return filled_ > taken_; });
    }
    const Block& block = ring_[taken_ % ring_.size()];
    if (block.error) {
        return *block.error;
    }
    return ByteView(block.bytes.get(), block.size);
}

} // namespace bulla::oci
