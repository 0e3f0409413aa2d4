// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <utility>

/// Foreign text that a document's schema looks into. One bad value would make the whole document
/// invalid, so these take only what every validator will accept.
namespace bulla::sbom {

/// True for an http or https URL that a schema's "iri-reference" will accept.
bool is_plain_url(std::string_view url);

/// "Name <mail>" as its two parts, views into `person`; the mail only if a schema's "idn-email"
/// will surely accept it, else empty.
std::pair<std::string_view, std::string_view> split_person(std::string_view person);

} // namespace bulla::sbom
