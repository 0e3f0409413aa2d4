// SPDX-License-Identifier: Apache-2.0
#include "cli/common/suggest.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

namespace bulla::cli {

namespace {

/// Longer words are not typing mistakes of our names, and a fixed bound needs no allocation.
constexpr std::size_t kLongest = 40;

std::size_t distance(std::string_view a, std::string_view b) {
    std::array<std::array<std::size_t, kLongest + 1>, 3> rows{};
    for (std::size_t j = 0; j <= b.size(); ++j) {
        rows[0][j] = j;
    }
    for (std::size_t i = 1; i <= a.size(); ++i) {
        auto& row = rows[i % 3];
        const auto& above = rows[(i - 1) % 3];
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t substitution = above[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
            row[j] = std::min({above[j] + 1, row[j - 1] + 1, substitution});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
                row[j] = std::min(row[j], rows[(i - 2) % 3][j - 2] + 1);
            }
        }
    }
    return rows[a.size() % 3][b.size()];
}

} // namespace

std::string_view suggest(std::string_view word, std::span<const std::string_view> candidates) {
    if (word.empty() || word.size() > kLongest) {
        return {};
    }
    std::string_view best;
    std::size_t nearest = std::min<std::size_t>(3, (word.size() + 2) / 3) + 1;
    for (const auto candidate : candidates) {
        if (candidate.size() > kLongest) {
            continue;
        }
        const auto changes = distance(word, candidate);
        if (changes < nearest) {
            nearest = changes;
            best = candidate;
        }
    }
    return best;
}

} // namespace bulla::cli
