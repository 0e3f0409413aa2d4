// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/core/result.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace bulla::walk {

/// One component of a glob ("*.dist-info"), or `**`.
struct GlobComponent {
    enum class Kind : std::uint8_t {
        literal,  ///< the text itself
        any,      ///< `*`
        suffix,   ///< `*text`: the text is what follows the star
        wildcard, ///< anything else with `*` or `?`
        any_depth ///< `**`: any number of whole components, none included
    };
    Kind kind = Kind::literal;
    std::string text;

    /// True if one path component matches; an any_depth component matches nothing here.
    bool matches(std::string_view name) const;
};

/// A glob without braces, ready to be matched. Immutable; the syntax is EntryRouter's.
struct Glob {
    std::vector<GlobComponent> components; ///< never empty, the last is not any_depth

    /// Linear in the product of both lengths at worst, no recursion, no allocation.
    bool matches(std::string_view path) const;
};

/// Compiles a glob; braces are expanded, so one text gives one or several globs. Nested or unclosed
/// braces, empty components, `**` that is not a whole component or stands last, "[" and more than
/// 4096 alternatives are ErrorCode::internal: globs are ours, never foreign.
Result<std::vector<Glob>> compile_glob(std::string_view text);

} // namespace bulla::walk
