// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/core/digest.hpp"
#include "base/core/result.hpp"
#include "base/walk/entry_scanner.hpp"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace bulla::walk {

/// One family of paths that somebody wants kept.
///
/// Glob syntax, matched against the whole path (FileEntry's form, no leading slash): `*` any bytes
/// but "/", `?` one byte but "/", `[...]` not supported, `{a,b}` alternatives, `**/` at the start
/// or after a slash any number of whole components, none included. Everything else stands for
/// itself, byte for byte.
struct PathPattern {
    std::string glob;
    std::uint64_t
        max_bytes; ///< a larger file is not kept; whoever asked for it is told (FileView::read)
};

/// Which files of a layer are wanted, and what for.
struct RouterSpec {
    std::span<const PathPattern> patterns{};
    std::string_view
        version{}; ///< a text that changes whenever the meaning of what is kept changes
    std::span<const ScannerKind> scanners{};
};

/// A file that is wanted although nothing in its layer says so: a name that leads to it over links
/// is wanted, or a scanner needs it once more.
struct RequiredPath {
    std::string path; ///< as in that layer's entries
    std::string as;   ///< the wanted name, which may be the same

    friend auto operator<=>(const RequiredPath&, const RequiredPath&) = default;
};

/// What is to happen to one entry of a layer.
struct Route {
    bool keep = false;           ///< keep the content whole
    std::uint64_t max_bytes = 0; ///< if it is no larger than this
    ScannerSet scanners = 0;     ///< stream it through these
    ScanEffort effort = ScanEffort::streaming;
};

/// All path patterns of all catalogers compiled into one matcher that answers in time proportional
/// to the path's length, not to the number of patterns. Immutable and safe to share between
/// threads.
class EntryRouter {
  public:
    /// Compiles the patterns. `required` are files that turned out to be wanted after the layers
    /// had been merged: each gets the route of the name it is wanted as, and thorough scans. A
    /// malformed glob, or more than kMostScanners scanners, is ErrorCode::internal.
    static Result<EntryRouter> compile(const RouterSpec& spec,
                                       std::span<const RequiredPath> required = {});

    EntryRouter(EntryRouter&&) noexcept;
    EntryRouter& operator=(EntryRouter&&) noexcept;
    ~EntryRouter();

    /// The decision for a regular file of a layer.
    Route route(std::string_view path) const;

    /// The scanners that want a file by its first bytes, whatever its name.
    ScannerSet recognise(ByteView head) const;

    /// True if `recognise` can answer anything.
    bool recognises() const;

    /// As given to `compile`; a scanner's bit in a ScannerSet is its place here.
    std::span<const ScannerKind> scanners() const;

    /// The digest over patterns, scanners, versions and limits::kVersion: part of the key under
    /// which LayerFacts are cached.
    const Digest& version() const;

  private:
    struct Compiled;
    explicit EntryRouter(std::unique_ptr<const Compiled> compiled);

    std::unique_ptr<const Compiled> compiled_;
};

/// True if the path matches the glob (syntax above). Linear in the product of the lengths at worst;
/// no recursion on foreign input.
bool matches_glob(std::string_view glob, std::string_view path);

} // namespace bulla::walk
