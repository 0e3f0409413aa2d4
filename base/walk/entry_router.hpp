// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/core/digest.hpp"
#include "base/core/result.hpp"

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

/// What is to happen to one entry of a layer.
struct Route {
    bool keep = false;           ///< keep the content whole
    std::uint64_t max_bytes = 0; ///< if it is no larger than this
};

/// All path patterns of all catalogers compiled into one matcher that answers in time proportional
/// to the path's length, not to the number of patterns. Immutable and safe to share between
/// threads.
class EntryRouter {
  public:
    /// Compiles the patterns. `required_paths` are exact paths to keep as well, with
    /// kPackageDatabaseBytes as bound: targets of links that turned out to be wanted after the
    /// layers had been merged. `version` is a text that changes whenever the meaning of what is
    /// kept changes. A malformed glob is ErrorCode::internal.
    static Result<EntryRouter> compile(std::span<const PathPattern> patterns,
                                       std::string_view version,
                                       std::span<const std::string> required_paths = {});

    EntryRouter(EntryRouter&&) noexcept;
    EntryRouter& operator=(EntryRouter&&) noexcept;
    ~EntryRouter();

    /// The decision for a regular file of a layer.
    Route route(std::string_view path) const;

    /// The digest over patterns, versions and limits::kVersion: part of the key under which
    /// LayerFacts are cached.
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
