// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

namespace bulla::cli {

/// The candidate that a mistyped word most likely meant: fewest single-character changes
/// (insertion, deletion, substitution, swap of neighbours), at most a third of the word and never
/// more than 3. Empty if none is near.
std::string_view suggest(std::string_view word, std::span<const std::string_view> candidates);

} // namespace bulla::cli
