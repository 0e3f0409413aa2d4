// SPDX-License-Identifier: Apache-2.0
#include "sbom/catalogers/python_metadata.hpp"

#include "base/core/limits.hpp"
#include "base/core/text.hpp"
#include "sbom/catalogers/cataloger.hpp"
#include "sbom/catalogers/control_file.hpp"
#include "sbom/licenses/spdx.hpp"
#include "sbom/model/package_url.hpp"

#include <algorithm>
#include <array>

namespace bulla::sbom {
namespace {

using TroveName = std::pair<std::string_view, std::string_view>;

/// Trove classifiers that name one licence exactly; others ("BSD License", "Apache Software
/// License") leave open which text is meant and stay names.
constexpr std::array kTroveNames{
    TroveName{"Apache License 2.0", "Apache-2.0"},
    TroveName{"Boost Software License 1.0 (BSL-1.0)", "BSL-1.0"},
    TroveName{"CC0 1.0 Universal (CC0 1.0) Public Domain Dedication", "CC0-1.0"},
    TroveName{"Eclipse Public License 1.0 (EPL-1.0)", "EPL-1.0"},
    TroveName{"Eclipse Public License 2.0 (EPL-2.0)", "EPL-2.0"},
    TroveName{"European Union Public Licence 1.2 (EUPL 1.2)", "EUPL-1.2"},
    TroveName{"GNU Affero General Public License v3 or later (AGPLv3+)", "AGPL-3.0-or-later"},
    TroveName{"GNU General Public License v2 (GPLv2)", "GPL-2.0-only"},
    TroveName{"GNU General Public License v2 or later (GPLv2+)", "GPL-2.0-or-later"},
    TroveName{"GNU General Public License v3 (GPLv3)", "GPL-3.0-only"},
    TroveName{"GNU General Public License v3 or later (GPLv3+)", "GPL-3.0-or-later"},
    TroveName{"GNU Lesser General Public License v2 or later (LGPLv2+)", "LGPL-2.0-or-later"},
    TroveName{"GNU Lesser General Public License v3 (LGPLv3)", "LGPL-3.0-only"},
    TroveName{"GNU Lesser General Public License v3 or later (LGPLv3+)", "LGPL-3.0-or-later"},
    TroveName{"ISC License (ISCL)", "ISC"},
    TroveName{"MIT License", "MIT"},
    TroveName{"MIT No Attribution License (MIT-0)", "MIT-0"},
    TroveName{"Mozilla Public License 1.1 (MPL 1.1)", "MPL-1.1"},
    TroveName{"Mozilla Public License 2.0 (MPL 2.0)", "MPL-2.0"},
    TroveName{"The Unlicense (Unlicense)", "Unlicense"},
    TroveName{"Universal Permissive License (UPL)", "UPL-1.0"},
};

std::string known_text(std::string_view value) {
    std::string text = first_line(value);
    return text == "UNKNOWN" ? std::string() : text;
}

/// Licences in the order of precision: an expression, a short text, the classifiers.
struct LicenseFields {
    std::string_view expression;
    std::string_view text;
    std::vector<License> classifiers;

    std::vector<License> take() {
        if (!expression.empty()) {
            return {classify_license(field_text(expression))};
        }
        // More than one line is the licence's text, and what it is called can only be guessed.
        const std::string name = known_text(text);
        if (!name.empty() && text::trim(text).find('\n') == std::string_view::npos) {
            return {classify_license(name)};
        }
        return std::move(classifiers);
    }
};

/// "Homepage, https://…" of Project-URL.
std::string homepage_of(std::string_view project_url) {
    const std::string label = text::to_lower(text::trim(text::take_until(project_url, ',')));
    return label == "homepage" || label == "home" || label == "home-page" ? first_line(project_url)
                                                                          : std::string();
}

std::string author_of(std::string_view name, std::string_view mail) {
    std::string author = known_text(name);
    const std::string address = known_text(mail);
    if (address.empty() || author.find('<') != std::string::npos) {
        return author;
    }
    // Since PEP 621 the mail field holds both.
    const bool both = address.find('<') != std::string::npos;
    return both ? (author.empty() ? address.substr(0, address.find('>') + 1) : author)
                : author + " <" + address + ">";
}

/// True if a marker asks for an extra: "extra == 'x'", also inside a longer one.
bool has_extra_marker(std::string_view marker) {
    for (std::size_t at = marker.find("extra"); at != std::string_view::npos;
         at = marker.find("extra", at + 1)) {
        const std::string_view rest = text::trim(marker.substr(at + 5));
        if (rest.starts_with("==") || rest.starts_with("in ")) {
            return true;
        }
    }
    return false;
}

} // namespace

std::optional<std::string> parse_requirement(std::string_view requirement) {
    std::string_view marker = requirement;
    const std::string_view wanted = text::trim(text::take_until(marker, ';'));
    const std::string_view name = wanted.substr(0, wanted.find_first_of(" \t\n[(<>=!~@;"));
    if (name.empty() || has_extra_marker(marker)) {
        return std::nullopt;
    }
    return normalise_python_name(name.substr(0, limits::kPackageFieldBytes));
}

std::vector<std::string> parse_egg_requires(ByteView text) {
    std::vector<std::string> names;
    while (!text.empty() && names.size() < limits::kDependencyNames) {
        const std::string_view line = text::trim(text::take_until(text, '\n'));
        if (line.starts_with('[')) {
            break;
        }
        if (auto name = parse_requirement(line)) {
            names.push_back(std::move(*name));
        }
    }
    return names;
}

std::optional<License> classify_trove_license(std::string_view classifier) {
    if (!classifier.starts_with("License :: ")) {
        return std::nullopt;
    }
    const std::string_view name = text::trim(classifier.substr(classifier.rfind(" :: ") + 4));
    if (name.empty() || name == "OSI Approved") {
        return std::nullopt;
    }
    const auto* known = std::find_if(
        kTroveNames.begin(), kTroveNames.end(), [&](const auto& row) { return row.first == name; });
    if (known != kTroveNames.end()) {
        return License{License::Kind::id, std::string(known->second)};
    }
    return License{License::Kind::name, field_text(name)};
}

Result<PythonMetadata> parse_python_metadata(ByteView text) {
    ControlReader reader(text);
    BULLA_TRY(reader.next());
    PythonMetadata metadata;
    LicenseFields licenses;
    std::string_view author;
    std::string_view mail;
    for (const auto& [key, value] : reader.fields()) {
        const std::string name = text::to_lower(key);
        if (name == "name") {
            metadata.name = known_text(value);
        } else if (name == "version") {
            metadata.version = known_text(value);
        } else if (name == "summary") {
            metadata.summary = known_text(value);
        } else if (name == "home-page") {
            metadata.homepage = known_text(value);
        } else if (name == "project-url" && metadata.homepage.empty()) {
            metadata.homepage = homepage_of(value);
        } else if (name == "author") {
            author = value;
        } else if (name == "author-email") {
            mail = value;
        } else if (name == "license-expression") {
            licenses.expression = text::trim(value);
        } else if (name == "license") {
            licenses.text = value;
        } else if (name == "classifier") {
            auto license = classify_trove_license(text::trim(value));
            if (license && licenses.classifiers.size() < limits::kLicensesPerPackage) {
                licenses.classifiers.push_back(std::move(*license));
            }
        } else if (name == "requires-dist") {
            auto requirement = parse_requirement(text::trim(value));
            if (requirement && metadata.requirements.size() < limits::kDependencyNames) {
                metadata.requirements.push_back(std::move(*requirement));
            }
        }
    }
    metadata.author = author_of(author, mail);
    metadata.licenses = licenses.take();
    return metadata;
}

std::optional<PythonPlace> find_python_place(std::string_view path) {
    for (const std::string_view file : {"/METADATA", "/EGG-INFO/PKG-INFO", "/PKG-INFO"}) {
        if (path.ends_with(file)) {
            path.remove_suffix(file.size());
            break;
        }
    }
    const std::size_t slash = path.rfind('/');
    std::string_view stem = path.substr(slash == std::string_view::npos ? 0 : slash + 1);
    PythonPlace place;
    place.environment = slash == std::string_view::npos ? "" : path.substr(0, slash);
    bool known = false;
    for (const std::string_view ending : {".dist-info", ".egg-info", ".egg"}) {
        if (!known &&
            text::equal_ignoring_case(
                stem.substr(stem.size() - std::min(stem.size(), ending.size())), ending)) {
            stem.remove_suffix(ending.size());
            place.dist_info = ending == ".dist-info";
            known = true;
        }
    }
    place.name = std::string(text::take_until(stem, '-'));
    place.version = std::string(text::take_until(stem, '-'));
    if (!known || place.name.empty() || !text::is_alnum(place.name.front())) {
        return std::nullopt;
    }
    return place;
}

} // namespace bulla::sbom
