// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>

namespace bulla {

/// Calls `work(0)` to `work(count - 1)`, up to `width` of them at a time and one of those in the
/// calling thread; returns when all are done. For work that waits for others, such as requests.
/// Each call writes to a place of its own, so that the outcome does not depend on the order. An
/// exception of one call is thrown here after the others ended. Where the system gives no more
/// threads, those there are do everything.
void side_by_side(std::size_t count,
                  std::size_t width,
                  const std::function<void(std::size_t)>& work);

} // namespace bulla
