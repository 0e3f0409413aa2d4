// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/core/bytes.hpp"
#include "base/core/result.hpp"
#include "base/json/json.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace bulla::json {

/// One member of an object with its value as it stands in the text.
struct Slice {
    std::string name;
    std::string_view value; ///< into the text that was given; without blanks around it
};

/// The members of the object that `text` holds, in the order of the document, after checking the
/// whole text as `validate` does. For documents that carry a large value to be passed on byte by
/// byte (an attestation's predicate): nothing is built for it, and its numbers keep their digits.
/// A text that is not an object is malformed. The slices live as long as the text.
Result<std::vector<Slice>> slice_object(ByteView text, const ParseOptions& options = {});

/// The slice of that name, or an empty view.
std::string_view find_slice(const std::vector<Slice>& slices, std::string_view name);

} // namespace bulla::json
