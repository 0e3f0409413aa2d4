// SPDX-License-Identifier: Apache-2.0
#include "base/compress/raw_deflate.hpp"

#include "base/compress/isal_step.hpp"

#include <isa-l/crc.h>

#include <algorithm>

namespace bulla::compress {

namespace {

class RawDeflateDecompressor final : public Decompressor {
  public:
    RawDeflateDecompressor() {
        isal_inflate_init(&stream_);
        stream_.crc_flag = ISAL_DEFLATE;
    }

    Result<Step> step(ByteView in, std::span<char> out) override {
        if (is_finished()) {
            return Step{};
        }
        Step done;
        if (!goes_on(isal_step(stream_, in, out, done))) {
            return Error{ErrorCode::malformed, "the deflate stream is damaged"};
        }
        // The stream may end inside a word that was taken whole: whole bytes of it go back.
        const auto unread =
            is_finished() ? static_cast<std::uint32_t>(stream_.read_in_length) / 8 : 0U;
        done.consumed -= std::min<std::size_t>(done.consumed, unread);
        return done;
    }

    Status finish() override {
        return is_finished() ? ok()
                             : Status(Error{ErrorCode::malformed,
                                            "the deflate stream ends before it is complete"});
    }

  private:
    bool is_finished() const { return stream_.block_state == ISAL_BLOCK_FINISH; }

    inflate_state stream_;
};

} // namespace

std::unique_ptr<Decompressor> make_raw_deflate_decompressor() {
    return std::make_unique<RawDeflateDecompressor>();
}

std::uint32_t crc32(std::uint32_t so_far, ByteView bytes) {
    return crc32_gzip_refl(
        so_far, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
}

} // namespace bulla::compress
