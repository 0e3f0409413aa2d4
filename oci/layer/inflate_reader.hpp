// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/compress/decompressor.hpp"
#include "base/io/reader.hpp"
#include "oci/layer/blocks.hpp"

#include <cstdint>
#include <memory>

namespace bulla::oci {

/// Inflates a stream of blocks. Bounded by limits::kLayerBytes and limits::kLayerRatio
/// (limit_exceeded). Answers the end only after the input has ended, so that an input that checks
/// itself at its end has done so.
class InflateReader final : public Reader {
  public:
    /// `first` is a block already taken from `input`.
    InflateReader(BlockSource& input,
                  ByteView first,
                  std::unique_ptr<compress::Decompressor> decompressor);

    Result<std::size_t> read(std::span<char> into) override;

  private:
    Status refill();
    Status check_limits() const;

    BlockSource& input_;
    ByteView rest_; ///< of the input's current block
    bool ended_;
    std::unique_ptr<compress::Decompressor> decompressor_;
    std::uint64_t consumed_ = 0;
    std::uint64_t produced_ = 0;
};

} // namespace bulla::oci
