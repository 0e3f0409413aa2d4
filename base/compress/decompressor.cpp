// SPDX-License-Identifier: Apache-2.0
#include "base/compress/decompressor.hpp"

#include "base/compress/rooms.hpp"

#include <string>

namespace bulla::compress {

std::string_view to_string(Compression compression) {
    switch (compression) {
    case Compression::none:
        return "none";
    case Compression::gzip:
        return "gzip";
    case Compression::zstd:
        return "zstd";
    case Compression::xz:
        return "xz";
    case Compression::bzip2:
        return "bzip2";
    }
    return "none";
}

Compression detect(ByteView start) {
    using namespace std::string_view_literals;
    if (start.starts_with("\x1f\x8b\x08"sv)) {
        return Compression::gzip;
    }
    // Skippable frames have sixteen magic numbers (RFC 8878, 3.1.2); zstd:chunked may begin with
    // one.
    const bool skippable = start.size() >= 4 && (static_cast<unsigned char>(start[0]) >> 4U) == 5 &&
                           start.substr(1, 3) == "\x2a\x4d\x18"sv;
    if (skippable || start.starts_with("\x28\xb5\x2f\xfd"sv)) {
        return Compression::zstd;
    }
    if (start.starts_with("\xfd"
                          "7zXZ\0"sv)) {
        return Compression::xz;
    }
    // "BZh" alone could be the name of a file in a plain tar; the block magic follows the level.
    if (start.starts_with("BZh"sv) && start.size() >= 6 &&
        (start.substr(4, 2) == "1A"sv || start.substr(4, 2) == "\x17\x72"sv)) {
        return Compression::bzip2;
    }
    return Compression::none;
}

Result<std::unique_ptr<Decompressor>> make_decompressor(Compression compression) {
    switch (compression) {
    case Compression::gzip:
        return make_gzip_decompressor();
    case Compression::zstd:
        return make_zstd_decompressor();
    case Compression::none:
    case Compression::xz:
    case Compression::bzip2:
        break;
    }
    return Error{ErrorCode::unsupported,
                 "expected gzip, zstd or no compression and found " +
                     std::string(to_string(compression))};
}

} // namespace bulla::compress
