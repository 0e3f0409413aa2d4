// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace bulla::oci {

/// One way to authenticate that a server offers (RFC 9110 section 11.6.1).
struct Challenge {
    std::string scheme;                              ///< lower case: "basic", "bearer"
    std::map<std::string, std::string> parameters{}; ///< names in lower case, values unquoted

    std::string parameter(const std::string& name) const;
};

/// Reads a WWW-Authenticate header, which may hold several challenges. What cannot be read is left
/// out: a server that sends garbage offers nothing. At most 16 challenges of 32 parameters.
std::vector<Challenge> parse_challenges(std::string_view header);

} // namespace bulla::oci
