// SPDX-License-Identifier: Apache-2.0
// links: bulla_compress
// gzip members and zstd frames in pieces whose sizes the input's first byte decides. The result
// must not depend on them.
#include "base/compress/decompressor.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <vector>

namespace {

using namespace bulla;

std::optional<Bytes> inflate(ByteView in, std::size_t in_piece, std::size_t out_piece) {
    auto decompressor = compress::make_decompressor(compress::detect(in));
    if (!decompressor) {
        return std::nullopt;
    }
    Bytes out;
    std::vector<char> room(out_piece);
    while (out.size() < (1U << 20U)) {
        const auto step = (*decompressor)->step(in.substr(0, in_piece), room);
        if (!step) {
            return std::nullopt;
        }
        in.remove_prefix(step->consumed);
        out.append(room.data(), step->produced);
        if (step->consumed == 0 && step->produced == 0) {
            if (!in.empty()) {
                std::abort(); // no progress though there is room and input
            }
            return (*decompressor)->finish() ? std::optional(out) : std::nullopt;
        }
    }
    return std::nullopt;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 1) {
        return 0;
    }
    const ByteView in(reinterpret_cast<const char*>(data) + 1, size - 1);
    const auto whole = inflate(in, in.size() + 1, 65536);
    const auto pieces = inflate(in, 1 + data[0] % 16, 1 + data[0] / 16);
    if (whole && pieces && *whole != *pieces) {
        std::abort();
    }
    return 0;
}
