// SPDX-License-Identifier: Apache-2.0
#include "base/compress/rooms.hpp"
#include "base/core/limits.hpp"

#include <zstd.h>
#include <zstd_errors.h>

#include <string>

namespace bulla::compress {

namespace {

Error bad_zstd(std::string_view why) {
    return Error{ErrorCode::malformed, "the zstd stream is damaged: " + std::string(why)};
}

struct ContextDeleter {
    void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
};

/// libzstd loops over frames and skips skippable ones by itself.
class ZstdDecompressor final : public Decompressor {
  public:
    explicit ZstdDecompressor(std::unique_ptr<ZSTD_DCtx, ContextDeleter> context)
        : context_(std::move(context)) {}

    Result<Step> step(ByteView in, std::span<char> out) override {
        ZSTD_inBuffer input{in.data(), in.size(), 0};
        ZSTD_outBuffer output{out.data(), out.size(), 0};
        while (output.pos < output.size && (input.pos < input.size || inside_)) {
            const auto before = input.pos + output.pos;
            const auto code = ZSTD_decompressStream(context_.get(), &output, &input);
            if (ZSTD_isError(code) != 0) {
                return explain(code);
            }
            inside_ = code != 0;
            if (input.pos + output.pos == before) {
                break;
            }
        }
        return Step{input.pos, output.pos};
    }

    Status finish() override { return inside_ ? Status(bad_zstd("it ends inside a frame")) : ok(); }

  private:
    static Error explain(std::size_t code) {
        if (ZSTD_getErrorCode(code) == ZSTD_error_frameParameter_windowTooLarge) {
            return Error{ErrorCode::limit_exceeded,
                         "expected a zstd window of at most 2^" +
                             std::to_string(limits::kZstdWindowLog) +
                             " bytes and found a larger one"};
        }
        return bad_zstd(ZSTD_getErrorName(code));
    }

    std::unique_ptr<ZSTD_DCtx, ContextDeleter> context_;
    bool inside_ = false;
};

} // namespace

Result<std::unique_ptr<Decompressor>> make_zstd_decompressor() {
    std::unique_ptr<ZSTD_DCtx, ContextDeleter> context(ZSTD_createDCtx());
    if (!context || ZSTD_isError(ZSTD_DCtx_setParameter(
                        context.get(), ZSTD_d_windowLogMax, limits::kZstdWindowLog)) != 0) {
        return Error{ErrorCode::internal, "libzstd could not be set up"};
    }
    return std::unique_ptr<Decompressor>(std::make_unique<ZstdDecompressor>(std::move(context)));
}

} // namespace bulla::compress
