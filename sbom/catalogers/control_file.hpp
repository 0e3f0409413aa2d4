// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/core/bytes.hpp"
#include "base/core/result.hpp"

#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

namespace bulla::sbom {

/// Reads paragraphs of "Key: value" fields with continuation lines, as in deb-control(5) and in the
/// header of Python's METADATA. Lenient: a line that is neither is skipped, the last line needs no
/// line break, CR before LF is dropped. Views point into the text, which must outlive the reader.
class ControlReader {
  public:
    explicit ControlReader(ByteView text) : rest_(text) {}

    /// Moves to the next paragraph that has a field; false at the end. A paragraph of more than
    /// limits::kControlFields fields is limit_exceeded.
    Result<bool> next();

    /// The value of the first field of that name in the paragraph, without regard to case and
    /// without surrounding white space; continuation lines and their line breaks are part of it.
    /// Empty if there is none.
    std::string_view value(std::string_view key) const;

    /// All fields of the paragraph in the order of the text.
    const std::vector<std::pair<std::string_view, std::string_view>>& fields() const {
        return fields_;
    }

    /// What follows the paragraph.
    ByteView rest() const { return rest_; }

  private:
    ByteView rest_;
    std::vector<std::pair<std::string_view, std::string_view>> fields_;
};

/// One entry of a dependency list: alternatives, each a name and an architecture ("libc6:any").
struct DependencyName {
    std::string_view name;
    std::string_view architecture; ///< behind ":", or empty
};

/// The names in a Debian dependency field (deb-control(5)): split at "," and "|", without versions,
/// architecture lists and build profiles. At most limits::kDependencyNames are given.
std::vector<DependencyName> parse_dependency_field(std::string_view field);

} // namespace bulla::sbom
