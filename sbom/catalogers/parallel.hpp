// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>

namespace bulla::sbom {

/// Calls `work` once for each number below `count`, on this thread and at most `threads - 1`
/// others, and returns when all calls have. The numbers are handed out in ascending order, one at a
/// time; each call should be worth a few microseconds. What a call throws is thrown here, once
/// the other calls are done.
void for_each_index(std::size_t count,
                    unsigned threads,
                    const std::function<void(std::size_t)>& work);

} // namespace bulla::sbom
