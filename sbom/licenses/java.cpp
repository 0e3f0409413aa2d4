// SPDX-License-Identifier: Apache-2.0
#include "sbom/licenses/java.hpp"

#include "base/core/limits.hpp"
#include "base/core/text.hpp"
#include "sbom/licenses/spdx.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>

namespace bulla::sbom {
namespace {

using Row = std::pair<std::string_view, std::string_view>;

/// Names in POMs that mean one licence exactly, in lower case, without a leading "the ". "BSD" and
/// "GPL" alone leave the version open and stay names.
constexpr std::array kNames{
    Row{"apache 2", "Apache-2.0"},
    Row{"apache 2.0", "Apache-2.0"},
    Row{"apache license 2.0", "Apache-2.0"},
    Row{"apache license v2.0", "Apache-2.0"},
    Row{"apache license version 2.0", "Apache-2.0"},
    Row{"apache license, 2.0", "Apache-2.0"},
    Row{"apache license, version 2.0", "Apache-2.0"},
    Row{"apache software license - version 2.0", "Apache-2.0"},
    Row{"apache software license 2.0", "Apache-2.0"},
    Row{"apache software license, version 2.0", "Apache-2.0"},
    Row{"apache v2", "Apache-2.0"},
    Row{"asl 2.0", "Apache-2.0"},
    Row{"bsd 2-clause license", "BSD-2-Clause"},
    Row{"bsd 3-clause license", "BSD-3-Clause"},
    Row{"bsd-2-clause license", "BSD-2-Clause"},
    Row{"bsd-3-clause license", "BSD-3-Clause"},
    Row{"cc0", "CC0-1.0"},
    Row{"cddl 1.0", "CDDL-1.0"},
    Row{"cddl 1.1", "CDDL-1.1"},
    Row{"eclipse distribution license - v 1.0", "BSD-3-Clause"},
    Row{"eclipse distribution license v. 1.0", "BSD-3-Clause"},
    Row{"eclipse public license - v 1.0", "EPL-1.0"},
    Row{"eclipse public license - v 2.0", "EPL-2.0"},
    Row{"eclipse public license 1.0", "EPL-1.0"},
    Row{"eclipse public license 2.0", "EPL-2.0"},
    Row{"eclipse public license v1.0", "EPL-1.0"},
    Row{"eclipse public license v2.0", "EPL-2.0"},
    Row{"edl 1.0", "BSD-3-Clause"},
    Row{"epl 1.0", "EPL-1.0"},
    Row{"epl 2.0", "EPL-2.0"},
    Row{"gnu lesser general public license, version 2.1", "LGPL-2.1-only"},
    Row{"isc license", "ISC"},
    Row{"mit license", "MIT"},
    Row{"mozilla public license version 2.0", "MPL-2.0"},
    Row{"mozilla public license, version 2.0", "MPL-2.0"},
    Row{"mpl 1.1", "MPL-1.1"},
    Row{"mpl 2.0", "MPL-2.0"},
    Row{"new bsd license", "BSD-3-Clause"},
    Row{"simplified bsd license", "BSD-2-Clause"},
    Row{"unlicense", "Unlicense"},
};

/// Addresses of licence texts in lower case, without scheme, "www.", ending of the file and slash
/// at the end.
constexpr std::array kAddresses{
    Row{"apache.org/licenses/license-2.0", "Apache-2.0"},
    Row{"creativecommons.org/publicdomain/zero/1.0", "CC0-1.0"},
    Row{"eclipse.org/legal/epl-2.0", "EPL-2.0"},
    Row{"eclipse.org/legal/epl-v10", "EPL-1.0"},
    Row{"eclipse.org/legal/epl-v20", "EPL-2.0"},
    Row{"eclipse.org/org/documents/edl-v10", "BSD-3-Clause"},
    Row{"eclipse.org/org/documents/epl-2.0", "EPL-2.0"},
    Row{"eclipse.org/org/documents/epl-v10", "EPL-1.0"},
    Row{"gnu.org/licenses/gpl-2.0", "GPL-2.0-only"},
    Row{"gnu.org/licenses/gpl-3.0", "GPL-3.0-only"},
    Row{"gnu.org/licenses/lgpl-2.1", "LGPL-2.1-only"},
    Row{"gnu.org/licenses/lgpl-3.0", "LGPL-3.0-only"},
    Row{"mozilla.org/en-us/mpl/2.0", "MPL-2.0"},
    Row{"mozilla.org/mpl/2.0", "MPL-2.0"},
    Row{"mozilla.org/mpl/mpl-1.1", "MPL-1.1"},
    Row{"opensource.org/licenses/apache-2.0", "Apache-2.0"},
    Row{"opensource.org/licenses/bsd-2-clause", "BSD-2-Clause"},
    Row{"opensource.org/licenses/bsd-3-clause", "BSD-3-Clause"},
    Row{"opensource.org/licenses/mit", "MIT"},
    Row{"opensource.org/licenses/mit-license", "MIT"},
    Row{"repository.jboss.org/licenses/apache-2.0", "Apache-2.0"},
    Row{"unlicense.org", "Unlicense"},
};

template <std::size_t N>
std::optional<std::string_view> find_in(const std::array<Row, N>& rows, std::string_view key) {
    const auto row =
        std::find_if(rows.begin(), rows.end(), [&](auto& r) { return r.first == key; });
    return row == rows.end() ? std::nullopt : std::optional(row->second);
}

std::optional<std::string_view> find_address(std::string_view url) {
    const std::string lower = text::to_lower(url);
    std::string_view address = lower;
    for (const std::string_view prefix : {"https://", "http://", "www."}) {
        if (address.starts_with(prefix)) {
            address.remove_prefix(prefix.size());
        }
    }
    for (const std::string_view suffix : {"/", ".txt", ".html", ".php", ".htm"}) {
        if (address.ends_with(suffix)) {
            address.remove_suffix(suffix.size());
        }
    }
    return find_in(kAddresses, address);
}

std::optional<std::string_view> find_name(std::string_view name) {
    const std::string lower = text::to_lower(name);
    const std::string_view key = lower;
    return find_in(kNames, key.starts_with("the ") ? key.substr(4) : key);
}

bool is_address(std::string_view text) {
    return text.find("://") != std::string_view::npos;
}

} // namespace

License classify_pom_license(std::string_view name, std::string_view url) {
    name = text::trim(name);
    url = text::trim(url);
    License license = classify_license(name);
    if (name.empty() || license.kind == License::Kind::name) {
        auto id = is_address(name) ? find_address(name) : find_name(name);
        id = id ? id : find_address(url);
        if (id) {
            return {License::Kind::id, std::string(*id)};
        }
    }
    return name.empty() ? License{License::Kind::name, std::string(url)} : license;
}

std::vector<License> parse_bundle_license(std::string_view header) {
    std::vector<License> licenses;
    // A name may hold a comma itself ("Apache License, Version 2.0").
    const auto whole = classify_pom_license(header.substr(0, header.find(';')), "");
    if (whole.kind != License::Kind::name) {
        return {whole};
    }
    const bool many =
        header.find("://") != std::string_view::npos || header.find(';') != std::string_view::npos;
    while (!header.empty() && licenses.size() < limits::kLicensesPerPackage) {
        std::string_view clause =
            many ? text::take_until(header, ',') : std::exchange(header, std::string_view());
        clause = text::trim(clause.substr(0, clause.find(';')));
        if (clause.size() > 1 && clause.starts_with('"') && clause.ends_with('"')) {
            clause = clause.substr(1, clause.size() - 2);
        }
        if (!clause.empty() && clause != "<<EXTERNAL>>") {
            licenses.push_back(classify_pom_license(clause, ""));
        }
    }
    return licenses;
}

} // namespace bulla::sbom
