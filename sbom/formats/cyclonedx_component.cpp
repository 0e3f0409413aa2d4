// SPDX-License-Identifier: Apache-2.0
// The part of a CycloneDX document that says what was found: components and their evidence.
#include "sbom/formats/cyclonedx_document.hpp"
#include "sbom/formats/schema_text.hpp"

#include <algorithm>

namespace bulla::sbom {
namespace {

/// Go's and Rust's packages are read from executables, the others from the records of a package
/// manager.
std::string_view technique_of(PackageType type) {
    const bool is_binary = type == PackageType::golang || type == PackageType::cargo;
    return is_binary ? "binary-analysis" : "manifest-analysis";
}

} // namespace

void CycloneDxDocument::write_distribution() {
    const Distribution& distribution = *sbom_.distribution;
    out_.begin_object();
    out_.member("bom-ref", distribution_).member("type", "operating-system");
    out_.member("name", distribution.id).optional_member("version", distribution.version_id);
    out_.optional_member("description", distribution.pretty_name);
    write_website(distribution.home_url);
    out_.key("properties").begin_array();
    write_property("distribution:id-like", distribution.id_like);
    write_property("distribution:name", distribution.name);
    write_property("distribution:codename", distribution.version_codename);
    write_property("distribution:build-id", distribution.build_id);
    write_property("distribution:cpe-name", distribution.cpe_name);
    out_.end_array();
    out_.key("evidence").begin_object();
    write_occurrences({distribution.occurrence});
    out_.end_object().end_object();
}

void CycloneDxDocument::write_package(std::size_t index) {
    const Package& package = sbom_.packages[index];
    out_.begin_object();
    out_.member("bom-ref", references_[index]).member("type", "library");
    if (const auto [name, mail] = split_person(package.maintainer); !name.empty()) {
        out_.key("supplier").begin_object().member("name", name);
        if (!mail.empty()) {
            out_.key("contact").begin_array().begin_object().member("email", mail);
            out_.end_object().end_array();
        }
        out_.end_object();
    }
    if (const auto [name, mail] = split_person(package.author); !name.empty() || !mail.empty()) {
        out_.key("authors").begin_array().begin_object();
        out_.optional_member("name", name).optional_member("email", mail);
        out_.end_object().end_array();
    }
    write_name(package);
    out_.optional_member("description", package.description);
    write_licenses(package.licenses);
    out_.optional_member("purl", package.purl);
    write_website(package.homepage);
    write_properties(index);
    write_evidence(package);
    out_.end_object();
}

void CycloneDxDocument::write_name(const Package& package) {
    const bool is_maven = package.type == PackageType::maven;
    const std::size_t end = package.name.find(is_maven ? ':' : '/');
    const bool grouped =
        (is_maven || (package.type == PackageType::npm && package.name.starts_with('@'))) &&
        end != std::string::npos && end + 1 < package.name.size();
    if (grouped) {
        out_.member("group", package.name.substr(0, end));
    }
    out_.member("name", grouped ? package.name.substr(end + 1) : package.name);
    out_.optional_member("version", package.version);
}

/// 1.7 takes any mix; 1.6 takes either one expression or any number of licences, so beside others
/// an expression becomes a licence of that name.
void CycloneDxDocument::write_licenses(const std::vector<License>& licenses) {
    if (licenses.empty()) {
        return;
    }
    const bool expressions = spec_version_ != "1.6" || licenses.size() == 1;
    out_.key("licenses").begin_array();
    for (const License& license : licenses) {
        out_.begin_object();
        if (license.kind == License::Kind::expression && expressions) {
            out_.member("expression", license.value).member("acknowledgement", "declared");
        } else {
            const bool is_id = license.kind == License::Kind::id;
            out_.key("license").begin_object();
            out_.member(is_id ? "id" : "name", license.value);
            out_.member("acknowledgement", "declared").end_object();
        }
        out_.end_object();
    }
    out_.end_array();
}

void CycloneDxDocument::write_properties(std::size_t index) {
    const auto [begin, end] = std::equal_range(
        sbom_.relationships.begin(),
        sbom_.relationships.end(),
        Relationship{static_cast<std::uint32_t>(index), Relationship::Kind::owned_by, 0},
        [](const Relationship& a, const Relationship& b) {
            return std::pair(a.from, a.kind) < std::pair(b.from, b.kind);
        });
    const std::vector<Property>& properties = sbom_.packages[index].properties;
    if (properties.empty() && begin == end) {
        return;
    }
    out_.key("properties").begin_array();
    for (const Property& property : properties) {
        write_property(property.name, property.value);
    }
    for (auto it = begin; it != end; ++it) {
        write_property("package:owner", references_[it->to]);
    }
    out_.end_array();
}

void CycloneDxDocument::write_evidence(const Package& package) {
    out_.key("evidence").begin_object();
    out_.key("identity").begin_array().begin_object();
    out_.member("field", package.purl.empty() ? "name" : "purl");
    out_.key("confidence").integer(1);
    out_.key("methods").begin_array().begin_object();
    out_.member("technique", technique_of(package.type)).key("confidence").integer(1);
    out_.end_object().end_array().end_object().end_array();
    write_occurrences(package.occurrences);
    out_.end_object();
}

void CycloneDxDocument::write_occurrences(const std::vector<Occurrence>& occurrences) {
    out_.key("occurrences").begin_array();
    for (const Occurrence& occurrence : occurrences) {
        out_.begin_object().member("location", occurrence.path);
        if (occurrence.layer < sbom_.layers.size()) {
            out_.member("additionalContext", sbom_.layers[occurrence.layer]);
        }
        out_.end_object();
    }
    out_.end_array();
}

void CycloneDxDocument::write_website(std::string_view url) {
    if (is_plain_url(url)) {
        out_.key("externalReferences").begin_array().begin_object();
        out_.member("type", "website").member("url", url);
        out_.end_object().end_array();
    }
}

void CycloneDxDocument::write_property(std::string_view name, std::string_view value) {
    if (!value.empty()) {
        out_.begin_object();
        out_.member("name", "bulla:" + std::string(name)).member("value", value);
        out_.end_object();
    }
}

} // namespace bulla::sbom
