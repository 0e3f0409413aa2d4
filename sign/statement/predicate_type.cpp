// SPDX-License-Identifier: Apache-2.0
#include "sign/statement/predicate_type.hpp"

#include "base/core/text.hpp"

#include <array>

namespace bulla::sign {

namespace {

constexpr std::array kNames{
    PredicateTypeName{"cyclonedx", "https://cyclonedx.org/bom"},
    PredicateTypeName{"spdxjson", "https://spdx.dev/Document"},
    PredicateTypeName{"slsaprovenance", "https://slsa.dev/provenance/v0.2"},
    PredicateTypeName{"slsaprovenance02", "https://slsa.dev/provenance/v0.2"},
    PredicateTypeName{"slsaprovenance1", "https://slsa.dev/provenance/v1"},
    PredicateTypeName{"link", "https://in-toto.io/Link/v1"},
    PredicateTypeName{"vuln", "https://cosign.sigstore.dev/attestation/vuln/v1"},
    PredicateTypeName{"openvex", "https://openvex.dev/ns"},
    PredicateTypeName{"custom", "https://cosign.sigstore.dev/attestation/v1"},
};

/// "/1", "/v1", "/v0.2.0": one path segment that is a version.
bool is_version(std::string_view rest) {
    if (!rest.starts_with('/')) {
        return false;
    }
    rest.remove_prefix(rest.starts_with("/v") ? 2 : 1);
    if (rest.empty() || !text::is_digit(rest.front())) {
        return false;
    }
    return rest.find_first_not_of("0123456789.") == std::string_view::npos;
}

} // namespace

std::span<const PredicateTypeName> predicate_type_names() {
    return kNames;
}

Result<std::string> parse_predicate_type(std::string_view name_or_uri) {
    std::string known;
    for (const auto& [name, uri] : kNames) {
        if (name == name_or_uri) {
            return std::string(uri);
        }
        known += (known.empty() ? "" : ", ") + std::string(name);
    }
    const std::size_t colon = name_or_uri.find(':');
    if (colon != std::string_view::npos && colon != 0 && text::is_utf8(name_or_uri)) {
        return std::string(name_or_uri);
    }
    Error error{ErrorCode::usage,
                "expected a predicate type or its URI, found \"" + text::printable(name_or_uri) +
                    "\""};
    error.context.push_back({"known", known});
    if (name_or_uri == "spdx") {
        error.hint = "use spdxjson for SPDX documents in JSON";
    }
    return error;
}

bool predicate_type_matches(std::string_view wanted, std::string_view actual) {
    return !wanted.empty() && actual.starts_with(wanted) &&
           (actual.size() == wanted.size() || is_version(actual.substr(wanted.size())));
}

} // namespace bulla::sign
