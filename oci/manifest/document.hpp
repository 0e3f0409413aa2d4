// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/json/json.hpp"
#include "oci/manifest/descriptor.hpp"

#include <string>
#include <string_view>

/// What the readers of this folder share. Not for other layers.
namespace bulla::oci {

/// "WHAT WHY" with code malformed.
Error malformed(std::string_view what, std::string why);

/// An object of strings; absent or null is empty.
Result<Annotations> parse_annotations(json::Value value, std::string_view what);

void write_annotations(json::Writer& out, const Annotations& annotations);

/// A string; absent or null is empty, anything else malformed.
Result<std::string>
parse_optional_string(json::Value value, std::string_view member, std::string_view what);

} // namespace bulla::oci
