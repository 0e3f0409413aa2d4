// SPDX-License-Identifier: Apache-2.0
#include "sbom/catalogers/package_json.hpp"

#include "base/core/limits.hpp"
#include "base/core/text.hpp"
#include "base/json/json.hpp"
#include "sbom/catalogers/cataloger.hpp"
#include "sbom/licenses/spdx.hpp"

#include <array>
#include <span>

namespace bulla::sbom {
namespace {

constexpr std::string_view kModules = "node_modules";

std::string text_of(json::Value value) {
    return field_text(value.string().value_or(std::string_view()));
}

constexpr std::array<std::string_view, 9> kPackageMembers{"name",
                                                          "version",
                                                          "description",
                                                          "homepage",
                                                          "author",
                                                          "license",
                                                          "licenses",
                                                          "dependencies",
                                                          "optionalDependencies"};
constexpr std::array<std::string_view, 1> kLockMembers{"packages"};

Result<json::Document>
parse_object(ByteView text, std::string_view what, std::span<const std::string_view> members) {
    constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
    if (text.starts_with(kByteOrderMark)) {
        text.remove_prefix(kByteOrderMark.size());
    }
    json::ParseOptions options;
    options.max_bytes = limits::kKeptFileBytes;
    options.duplicates = json::Duplicates::last;
    options.what = what;
    options.members = members;
    auto document = json::Document::parse(text, options);
    if (document && !document->root().is_object()) {
        return Error{ErrorCode::malformed,
                     "expected " + std::string(what) +
                         " to be a JSON object, found something else"};
    }
    return document;
}

/// A person is an object or already "Name <mail> (url)".
std::string person_of(json::Value person) {
    if (person.is_string()) {
        const std::string text = first_line(person.string().value_or(std::string_view()));
        return field_text(text.substr(0, text.find('(')));
    }
    std::string text = text_of(person["name"]);
    if (const std::string mail = text_of(person["email"]); !mail.empty()) {
        text += " <" + mail + ">";
    }
    return text;
}

/// "license" is a text, or an object {type}; the old "licenses" is a list of such objects.
void add_license(json::Value value, std::vector<License>& licenses) {
    const json::Value recorded = value.is_object() ? value["type"] : value;
    const std::string text = first_line(recorded.string().value_or(std::string_view()));
    if (!text.empty() && licenses.size() < limits::kLicensesPerPackage) {
        licenses.push_back(classify_license(text));
    }
}

std::vector<License> licenses_of(json::Value root) {
    std::vector<License> licenses;
    for (const std::string_view key : {"license", "licenses"}) {
        const json::Value value = root[key];
        if (!value.is_array()) {
            add_license(value, licenses);
        }
        for (const json::Value element : value.elements()) {
            add_license(element, licenses);
        }
        if (!licenses.empty()) {
            break;
        }
    }
    return licenses;
}

/// Cuts the first component off a path.
std::string_view take_component(std::string_view& rest) {
    return text::take_until(rest, '/');
}

} // namespace

Result<PackageJson> parse_package_json(ByteView text) {
    BULLA_TRY_ASSIGN(const json::Document document,
                     parse_object(text, "package.json", kPackageMembers));
    const json::Value root = document.root();
    PackageJson package;
    package.name = text_of(root["name"]);
    package.version = text_of(root["version"]);
    package.description = first_line(root["description"].string().value_or(std::string_view()));
    package.homepage = text_of(root["homepage"]);
    package.author = person_of(root["author"]);
    package.licenses = licenses_of(root);
    for (const std::string_view key : {"dependencies", "optionalDependencies"}) {
        for (const auto& [name, range] : root[key].members()) {
            if (package.dependencies.size() < limits::kDependencyNames) {
                package.dependencies.push_back(field_text(name));
            }
        }
    }
    return package;
}

Result<std::vector<NpmLockEntry>> parse_npm_lock(ByteView text) {
    BULLA_TRY_ASSIGN(const json::Document document,
                     parse_object(text, "the hidden lockfile", kLockMembers));
    std::vector<NpmLockEntry> entries;
    for (const auto& [path, value] : document.root()["packages"].members()) {
        if (entries.size() >= limits::kPackages) {
            return Error{ErrorCode::limit_exceeded,
                         "expected at most " + std::to_string(limits::kPackages) +
                             " entries in a lockfile, found more"};
        }
        NpmLockEntry entry;
        entry.path = std::string(path);
        entry.name = text_of(value["name"]);
        entry.version = text_of(value["version"]);
        if (value["link"].boolean().value_or(false)) {
            entry.link_target = text_of(value["resolved"]);
        }
        entries.push_back(std::move(entry));
    }
    return entries;
}

std::optional<NpmPlace> find_npm_place(std::string_view path) {
    std::string_view rest = path;
    while (take_component(rest) != kModules) {
        if (rest.empty()) {
            return std::nullopt;
        }
    }
    while (!rest.empty()) {
        const char* const begin = rest.data();
        const std::string_view first = take_component(rest);
        if (first.starts_with('.')) {
            // A store: its entries hold a node_modules folder each, and nothing else that counts.
            const bool scoped = take_component(rest).starts_with('@');
            if (take_component(rest) != kModules && !(scoped && take_component(rest) == kModules)) {
                return std::nullopt;
            }
            continue;
        }
        if (first.starts_with('@')) {
            take_component(rest);
        }
        const auto offset = static_cast<std::size_t>(begin - path.data());
        const auto end = static_cast<std::size_t>(rest.data() - path.data());
        if (rest == "package.json") {
            return NpmPlace{path.substr(0, end - 1), path.substr(offset, end - 1 - offset)};
        }
        if (take_component(rest) != kModules) {
            return std::nullopt;
        }
    }
    return std::nullopt;
}

} // namespace bulla::sbom
