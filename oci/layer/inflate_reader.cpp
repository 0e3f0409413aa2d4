// SPDX-License-Identifier: Apache-2.0
#include "oci/layer/inflate_reader.hpp"

#include "base/core/limits.hpp"

#include <string>
#include <utility>

namespace bulla::oci {

InflateReader::InflateReader(BlockSource& input,
                             ByteView first,
                             std::unique_ptr<compress::Decompressor> decompressor)
    : input_(input), rest_(first), ended_(first.empty()), decompressor_(std::move(decompressor)) {}

Status InflateReader::refill() {
    if (rest_.empty() && !ended_) {
        BULLA_TRY_ASSIGN(rest_, input_.next());
        ended_ = rest_.empty();
    }
    return ok();
}

Status InflateReader::check_limits() const {
    if (produced_ > limits::kLayerBytes) {
        return Error{ErrorCode::limit_exceeded,
                     "expected at most " + std::to_string(limits::kLayerBytes) +
                         " bytes of inflated layer and found more"};
    }
    if (produced_ > limits::kLayerRatioFrom && produced_ / limits::kLayerRatio > consumed_) {
        return Error{ErrorCode::limit_exceeded,
                     "expected a layer to inflate to at most " +
                         std::to_string(limits::kLayerRatio) + " times its size and found " +
                         std::to_string(produced_) + " bytes from " + std::to_string(consumed_)};
    }
    return ok();
}

Result<std::size_t> InflateReader::read(std::span<char> into) {
    std::size_t filled = 0;
    while (filled < into.size()) {
        BULLA_TRY(refill());
        BULLA_TRY_ASSIGN(const compress::Decompressor::Step step,
                         decompressor_->step(rest_, into.subspan(filled)));
        rest_.remove_prefix(step.consumed);
        filled += step.produced;
        consumed_ += step.consumed;
        produced_ += step.produced;
        BULLA_TRY(check_limits());
        if (step.consumed == 0 && step.produced == 0) {
            if (!ended_) {
                return Error{ErrorCode::malformed, "the compressed layer cannot be inflated"};
            }
            BULLA_TRY(decompressor_->finish());
            break;
        }
    }
    return filled;
}

} // namespace bulla::oci
