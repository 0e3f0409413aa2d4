// SPDX-License-Identifier: Apache-2.0
#include "cli/images/annotations.hpp"

#include "base/core/text.hpp"

namespace bulla::cli {

Result<std::map<std::string, std::string>>
parse_annotations(const std::vector<std::string>& pairs) {
    std::map<std::string, std::string> annotations;
    for (const auto& pair : pairs) {
        const auto equals = pair.find('=');
        if (equals == std::string::npos || equals == 0) {
            return Error{ErrorCode::usage,
                         "expected -a KEY=VALUE and found \"" + text::printable(pair) + "\""};
        }
        if (!annotations.emplace(pair.substr(0, equals), pair.substr(equals + 1)).second) {
            return Error{ErrorCode::usage,
                         "the annotation \"" + text::printable(pair.substr(0, equals)) +
                             "\" is given twice"};
        }
    }
    return annotations;
}

} // namespace bulla::cli
