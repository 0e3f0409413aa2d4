// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/core/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace bulla::http {

/// The parts of an absolute http or https URL, as the HTTP library itself understands them: what is
/// checked here is what will be contacted.
struct Url {
    std::string scheme; ///< "http" or "https"
    std::string host;   ///< lower case, IPv6 without brackets, odd IPv4 spellings made plain
    std::uint16_t port = 0;
    std::string text; ///< the whole URL

    /// "https://host:port", to compare by and to show.
    std::string origin() const;

    /// "host", or "host:port" where the port is not the scheme's usual one: as people write it.
    std::string authority() const;
};

/// Parses an absolute URL. Anything but http and https, and a user name inside, is malformed; the
/// message never holds the query.
Result<Url> parse_url(std::string_view text);

/// The URL that `reference` (absolute or relative, as in Location or Link) means when it stands in
/// a response from `base` (RFC 3986 section 5). The query is kept byte for byte.
Result<std::string> resolve(std::string_view base, std::string_view reference);

/// Same scheme, host and port: what a credential may follow.
bool same_origin(const Url& a, const Url& b);

/// True for an address literal that outsiders should not be able to point us at: loopback, private,
/// link-local, shared, multicast and unspecified ranges (RFC 6890), IPv4 inside IPv6 included, and
/// "localhost". Names that need a lookup are false.
bool is_private_host(std::string_view host);

/// Whether a response from `from` may send us on to `to`: not from https to http, and not from a
/// public host to a private one (server-side request forgery).
Status check_hop(const Url& from, const Url& to);

/// The URL with the values of secret query members (X-Amz-*, sig, token, signature, …) replaced by
/// "***", safe to print.
std::string redact_url(std::string_view url);

} // namespace bulla::http
