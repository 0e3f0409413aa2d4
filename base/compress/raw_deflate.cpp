// SPDX-License-Identifier: Apache-2.0
#include "base/compress/raw_deflate.hpp"

#include <isa-l/crc.h>
#include <isa-l/igzip_lib.h>

#include <algorithm>
#include <limits>

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
        constexpr std::size_t most = std::numeric_limits<std::uint32_t>::max();
        const auto given = static_cast<std::uint32_t>(std::min(in.size(), most));
        const auto room = static_cast<std::uint32_t>(std::min(out.size(), most));
        // ISA-L takes pointers to non-const and writes to the output only.
        stream_.next_in = reinterpret_cast<std::uint8_t*>(const_cast<char*>(in.data()));
        stream_.avail_in = given;
        stream_.next_out = reinterpret_cast<std::uint8_t*>(out.data());
        stream_.avail_out = room;
        const int code = isal_inflate(&stream_);
        if (code != ISAL_DECOMP_OK && code != ISAL_END_INPUT && code != ISAL_OUT_OVERFLOW) {
            return Error{ErrorCode::malformed, "the deflate stream is damaged"};
        }
        // The stream may end inside a word that was taken whole: whole bytes of it go back.
        const auto unread =
            is_finished() ? static_cast<std::uint32_t>(stream_.read_in_length) / 8 : 0U;
        const std::uint32_t taken = given - stream_.avail_in;
        return Step{taken - std::min(taken, unread), room - stream_.avail_out};
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
