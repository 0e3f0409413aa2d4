// SPDX-License-Identifier: Apache-2.0
#include "base/compress/isal_step.hpp"
#include "base/compress/rooms.hpp"

#include <string>

namespace bulla::compress {

namespace {

Error bad_gzip(std::string_view why) {
    return Error{ErrorCode::malformed, "the gzip stream is damaged: " + std::string(why)};
}

std::string_view reason(int code) {
    switch (code) {
    case ISAL_INVALID_BLOCK:
        return "a deflate block is not valid";
    case ISAL_INVALID_SYMBOL:
        return "a deflate code is not valid";
    case ISAL_INVALID_LOOKBACK:
        return "a back reference points before the start";
    case ISAL_INVALID_WRAPPER:
        return "a member's header is not valid";
    case ISAL_UNSUPPORTED_METHOD:
        return "a member is not deflate";
    case ISAL_INCORRECT_CHECKSUM:
        return "a member's checksum or size is wrong";
    default:
        return "it cannot be inflated";
    }
}

/// ISA-L behind the interface: it reads one member at a time, the loop over members is ours.
class GzipDecompressor final : public Decompressor {
  public:
    Result<Step> step(ByteView in, std::span<char> out) override {
        Step done;
        while (done.produced < out.size() &&
               (done.consumed < in.size() || state_ == State::inside)) {
            const ByteView rest = in.substr(done.consumed);
            if (state_ == State::padding) {
                if (rest.find_first_not_of('\0') != ByteView::npos) {
                    return bad_gzip("bytes that are not a member follow the last one");
                }
                done.consumed = in.size();
            } else if (state_ == State::between) {
                begin_member(rest.front());
            } else {
                const auto room = out.subspan(done.produced);
                BULLA_TRY_ASSIGN(const Step part, inflate(rest, room));
                done.consumed += part.consumed;
                done.produced += part.produced;
                if (part.consumed + part.produced == 0) {
                    break;
                }
            }
        }
        return done;
    }

    Status finish() override {
        return state_ == State::inside ? Status(bad_gzip("it ends inside a member")) : ok();
    }

  private:
    enum class State : std::uint8_t { between, inside, padding };

    void begin_member(char first) {
        // gzip(1) ignores zeros behind the last member (tapes were padded so); before the first
        // there is nothing to pad.
        if (first == '\0' && members_ > 0) {
            state_ = State::padding;
            return;
        }
        if (members_++ == 0) {
            isal_inflate_init(&stream_);
        } else {
            isal_inflate_reset(&stream_);
        }
        stream_.crc_flag = ISAL_GZIP;
        state_ = State::inside;
    }

    Result<Step> inflate(ByteView in, std::span<char> out) {
        Step done;
        if (const int code = isal_step(stream_, in, out, done); !goes_on(code)) {
            return bad_gzip(reason(code));
        }
        if (stream_.block_state == ISAL_BLOCK_FINISH) {
            state_ = State::between;
        }
        return done;
    }

    inflate_state stream_{};
    State state_ = State::between;
    std::uint64_t members_ = 0;
};

} // namespace

Result<std::unique_ptr<Decompressor>> make_gzip_decompressor() {
    return std::unique_ptr<Decompressor>(std::make_unique<GzipDecompressor>());
}

} // namespace bulla::compress
