// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/common/app.hpp"

namespace bulla::cli {

/// The programs that belong together, bulla itself left out.
std::span<const Step> steps();

/// What bulla does itself, and the steps it leads to, for its documentation.
AppSpec front_door();

} // namespace bulla::cli
