// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <cstdint>
#include <string>

namespace bulla::sbom {

/// A licence that a package's own metadata declares. Nothing here is concluded from licence texts.
struct License {
    enum class Kind : std::uint8_t {
        id,         ///< one identifier of the SPDX list, in the list's spelling
        expression, ///< a valid SPDX expression of more than one identifier
        name,       ///< anything else, exactly as recorded
    };

    Kind kind = Kind::name;
    std::string value;

    friend auto operator<=>(const License&, const License&) = default;
    friend bool operator==(const License&, const License&) = default;
};

} // namespace bulla::sbom
