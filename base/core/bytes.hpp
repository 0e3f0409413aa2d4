// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace bulla {

/// A sequence of bytes that somebody else chose: file contents, JSON as received, names from
/// images. std::string is the container because most of what we read is text and every library we
/// call takes char pointers; the name says that nothing about the encoding may be assumed.
using Bytes = std::string;

/// A view of bytes owned elsewhere. Parameters only; never a member of a long-lived type.
using ByteView = std::string_view;

} // namespace bulla
