// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/core/bytes.hpp"
#include "base/core/result.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

namespace bulla::walk {

/// How much the reading of one file may cost.
enum class ScanEffort : std::uint8_t {
    streaming, ///< for the many: memory for small windows of what passes by; on disk only what
               ///< cannot be told from windows at all (a zip's directory is at its end)
    thorough, ///< the whole file may be held, beyond a few MiB in an unlinked temporary file
};

/// What a scanner found out about one file.
struct ScanResult {
    Bytes facts{}; ///< in the scanner's own form, for the cataloger that knows it; empty: nothing
    bool incomplete = false; ///< bytes were needed that had passed: to be read again, thoroughly
};

/// Reads one file as it streams past and says in few bytes what a cataloger needs to know of it, so
/// that the file itself need not be kept: a jar's list of modules, an executable's build
/// information. It sees hostile bytes that are not even verified yet, and is bounded in time and
/// memory. What is wrong with a file belongs into the facts (the cataloger reports it); an error is
/// a failure of this machine and ends the layer. One object per file.
class EntryScanner {
  public:
    virtual ~EntryScanner() = default;

    /// The next bytes of the file; all of them come, in order.
    virtual Status feed(ByteView piece) = 0;

    /// The file has ended. With ScanEffort::thorough the result is never incomplete.
    virtual Result<ScanResult> finish() = 0;
};

/// The first bytes of a file that tell what it is; files shorter than this are not told.
inline constexpr std::size_t kScanHeadBytes = 64;

/// One kind of scanner, and which regular files it gets: those whose path matches one of the globs
/// (PathPattern's syntax), and those it recognises by their first bytes, whatever their name.
struct ScannerKind {
    std::string_view id;       ///< unique, lower case: "java-archive"
    std::uint32_t version = 1; ///< raised with every change of the facts it makes
    std::span<const std::string_view> globs{};
    bool (*recognises)(ByteView head) = nullptr; ///< given kScanHeadBytes or more
    /// `size` is the file's, as announced by the archive.
    std::unique_ptr<EntryScanner> (*make)(std::uint64_t size, ScanEffort effort) = nullptr;
};

/// Scanners are told apart by a bit each.
using ScannerSet = std::uint32_t;
inline constexpr std::size_t kMostScanners = 32;

} // namespace bulla::walk
