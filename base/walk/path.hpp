// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace bulla::walk {

/// True for a path in FileEntry's form: not empty, no NUL, no empty component, no "." or "..", no
/// slash at either end.
bool is_normalised(std::string_view path);

/// Brings a name from an archive into that form, as Go's path.Clean("/" + name) does: empty
/// components and "." vanish, ".." takes the component before it away and stays at the root.
/// `out` is overwritten; it is empty for the root. Returns false if a ".." had to be held back at
/// the root.
bool normalise_path(std::string_view name, std::string& out);

} // namespace bulla::walk
