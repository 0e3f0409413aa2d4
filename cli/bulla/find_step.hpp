// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace bulla::cli {

/// The program that does a step: an executable file bulla-STEP in the folder of the running
/// program, else in the first absolute folder of PATH that has one. Relative folders are not
/// searched: what lies in the working folder must not run by itself. Empty if there is none, or if
/// the name holds anything but lower-case letters, digits and dashes, or begins with a dash.
std::string find_step(std::string_view step);

} // namespace bulla::cli
