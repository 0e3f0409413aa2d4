// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/common/option_set.hpp"

namespace bulla::cli {

/// A command line cut into options and arguments, before any value is looked at.
struct OptionSet::Words {
    std::vector<std::vector<std::string>> values; ///< of each option, one entry per occurrence
    std::vector<std::string> arguments;
    std::optional<std::string> unknown; ///< the first word that looks like an option and is none
};

} // namespace bulla::cli
