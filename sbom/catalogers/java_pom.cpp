// SPDX-License-Identifier: Apache-2.0
#include "sbom/catalogers/java_pom.hpp"

#include "base/core/limits.hpp"
#include "base/core/text.hpp"
#include "base/xml/document.hpp"
#include "sbom/catalogers/cataloger.hpp"

#include <optional>
#include <string>

namespace bulla::sbom {
namespace {

void fill(std::string& to, std::string value) {
    if (to.empty()) {
        to = std::move(value);
    }
}

/// Descriptions are written over several lines; documents want one.
std::string join_lines(std::string_view value) {
    std::string joined;
    for (const char c : text::trim(value)) {
        if (!text::is_space(c)) {
            joined += c;
        } else if (!joined.ends_with(' ')) {
            joined += ' ';
        }
    }
    return joined;
}

/// The values of one POM, with its properties put in.
class Pom {
  public:
    explicit Pom(xml::Element project) : project_(project), parent_(project.child("parent")) {}

    /// The text of an element, or nothing if a property in it is not known here.
    std::string value(xml::Element element) const {
        // A property may name another one; POMs do that once or twice.
        constexpr int kRounds = 4;
        std::string value = field_text(element.text());
        for (int round = 0; round < kRounds && value.find("${") != std::string::npos; ++round) {
            const auto replaced = replace_one(value);
            if (!replaced) {
                return {};
            }
            value = field_text(*replaced);
        }
        return value.find("${") == std::string::npos ? value : std::string();
    }

    std::string own_or_inherited(std::string_view name) const {
        const xml::Element own = project_.child(name);
        return value(own ? own : parent_.child(name));
    }

  private:
    std::optional<std::string> replace_one(const std::string& value) const {
        const std::size_t begin = value.find("${");
        const std::size_t end = value.find('}', begin);
        if (end == std::string::npos) {
            return std::nullopt;
        }
        const auto found = look_up(std::string_view(value).substr(begin + 2, end - begin - 2));
        if (found.empty()) {
            return std::nullopt;
        }
        return value.substr(0, begin) + std::string(text::trim(found)) + value.substr(end + 1);
    }

    std::string_view look_up(std::string_view name) const {
        if (const auto property = project_.child("properties").child(name)) {
            return property.text();
        }
        for (const std::string_view prefix : {"project.", "pom."}) {
            if (name.starts_with(prefix)) {
                name.remove_prefix(prefix.size());
                break;
            }
        }
        xml::Element from = project_;
        if (name.starts_with("parent.")) {
            name.remove_prefix(7);
            from = parent_;
        }
        if (name != "version" && name != "groupId" && name != "artifactId") {
            return {};
        }
        const xml::Element own = from.child(name);
        return own ? own.text() : parent_.child(name).text();
    }

    xml::Element project_;
    xml::Element parent_;
};

} // namespace

void parse_pom_properties(ByteView text, JavaModule& module) {
    while (!text.empty()) {
        std::string_view value = text::trim(text::take_until(text, '\n'));
        if (value.starts_with('#') || value.starts_with('!')) {
            continue;
        }
        const std::size_t end = value.find_first_of("=: \t");
        const std::string_view key = value.substr(0, end);
        value = end == std::string_view::npos ? "" : text::trim(value.substr(end + 1));
        if (value.starts_with('=') || value.starts_with(':')) {
            value = text::trim(value.substr(1)); // "key = value"
        }
        if (value.find("${") != std::string_view::npos) {
            continue;
        }
        if (key == "groupId") {
            module.group = field_text(value);
        } else if (key == "artifactId") {
            module.artifact = field_text(value);
        } else if (key == "version") {
            module.version = field_text(value);
        }
    }
    module.has_properties = true;
}

Status parse_pom_xml(ByteView text, JavaModule& module) {
    BULLA_TRY_ASSIGN(const auto document,
                     xml::Document::parse(text, limits::kPomBytes, "Maven POM"));
    const xml::Element project = document.root();
    if (project.name() != "project") {
        return Error{ErrorCode::malformed,
                     "not a Maven POM: its root is <" + text::printable(project.name()) + ">"};
    }
    const Pom pom(project);
    fill(module.group, pom.own_or_inherited("groupId"));
    fill(module.artifact, pom.value(project.child("artifactId")));
    fill(module.version, pom.own_or_inherited("version"));
    fill(module.description, join_lines(pom.value(project.child("description"))));
    fill(module.url, first_line(pom.value(project.child("url"))));
    for (const xml::Element license : project.child("licenses").children()) {
        if (license.name() == "license" && module.licenses.size() < limits::kLicensesPerPackage) {
            module.licenses.emplace_back(first_line(pom.value(license.child("name"))),
                                         first_line(pom.value(license.child("url"))));
        }
    }
    return ok();
}

} // namespace bulla::sbom
