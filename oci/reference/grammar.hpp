// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

/// Matchers for the parts of a reference (distribution/reference grammar), written by hand: a
/// backtracking regular expression engine would run on text that others chose.
namespace bulla::oci::grammar {

/// host[:port]: dot-separated labels of letters, digits and inner hyphens, or an IPv6 address in
/// brackets; a port of 1 to 65535.
bool is_registry(std::string_view text);

/// path-component *("/" path-component), each [a-z0-9]+ joined by ".", "_", "__" or hyphens.
bool is_repository(std::string_view text);

/// True if an upper-case ASCII letter occurs.
bool has_upper_case(std::string_view text);

/// The host without port and without brackets.
std::string_view host_of(std::string_view registry);

} // namespace bulla::oci::grammar
