// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/compress/decompressor.hpp"

#include <memory>

/// The makers of each format, for decompressor.cpp.
namespace bulla::compress {

Result<std::unique_ptr<Decompressor>> make_gzip_decompressor();
Result<std::unique_ptr<Decompressor>> make_zstd_decompressor();

} // namespace bulla::compress
