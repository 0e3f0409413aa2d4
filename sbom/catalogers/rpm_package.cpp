// SPDX-License-Identifier: Apache-2.0
#include "sbom/catalogers/rpm_package.hpp"

#include "base/core/text.hpp"
#include "sbom/licenses/spdx.hpp"
#include "sbom/model/package_url.hpp"

#include <array>
#include <utility>

namespace bulla::sbom {
namespace {

/// The namespace of a purl is the vendor. Advisories know Red Hat's by another name than os-release
/// does, and all flavours of openSUSE by one.
std::string name_space_of(const Distribution& distribution) {
    if (distribution.id == "rhel") {
        return "redhat";
    }
    return distribution.id.starts_with("opensuse") ? "opensuse" : distribution.id;
}

std::string version_of(const RpmRecord& record) {
    std::string version = field_text(record.version);
    if (!record.release.empty()) {
        version += "-" + field_text(record.release);
    }
    return version;
}

std::string purl_of(const RpmRecord& record, const CatalogContext& context) {
    if (!context.distribution) {
        return {};
    }
    auto purl = PackageUrl::make(
        {.type = "rpm",
         .name_space = name_space_of(*context.distribution),
         .name = field_text(record.name),
         .version = version_of(record),
         .qualifiers = {{"arch", field_text(record.architecture)},
                        {"distro", context.distribution->qualifier()},
                        {"epoch", record.epoch ? std::to_string(*record.epoch) : ""},
                        {"rpmmod", field_text(record.modularity)},
                        {"upstream", field_text(record.source_rpm)}},
         .subpath = {}});
    return purl ? purl->to_string() : std::string();
}

void add_property(Package& package, std::string_view name, std::string value) {
    if (!value.empty()) {
        package.properties.push_back({"rpm:" + std::string(name), std::move(value)});
    }
}

/// rpm writes this where a tag is missing.
std::string_view unless_none(std::string_view text) {
    return text == "(none)" ? std::string_view() : text;
}

} // namespace

RpmRecord record_of(const RpmHeader& header) {
    RpmRecord record;
    record.name = header.text(RpmTag::name);
    record.version = header.text(RpmTag::version);
    record.release = header.text(RpmTag::release);
    record.epoch = header.number(RpmTag::epoch);
    record.architecture = header.text(RpmTag::architecture);
    record.source_rpm = unless_none(header.text(RpmTag::source_rpm));
    record.vendor = unless_none(header.text(RpmTag::vendor));
    record.packager = unless_none(header.text(RpmTag::packager));
    record.license = header.text(RpmTag::license);
    record.summary = header.text(RpmTag::summary);
    record.url = unless_none(header.text(RpmTag::url));
    record.modularity = unless_none(header.text(RpmTag::modularity_label));
    record.size = header.number(RpmTag::long_size);
    if (!record.size) {
        record.size = header.number(RpmTag::size);
    }
    record.install_time = header.number(RpmTag::install_time);
    return record;
}

bool is_public_key(const RpmRecord& record) {
    return record.name == "gpg-pubkey" && record.architecture.empty();
}

Package package_of(const RpmRecord& record, const CatalogContext& context) {
    Package package;
    package.type = PackageType::rpm;
    package.name = field_text(record.name);
    package.version =
        (record.epoch ? std::to_string(*record.epoch) + ":" : std::string()) + version_of(record);
    package.architecture = field_text(record.architecture);
    package.purl = purl_of(record, context);
    // Who distributes it stands behind it; the packager is often only a build system.
    package.maintainer = first_line(record.vendor.empty() ? record.packager : record.vendor);
    package.description = first_line(record.summary);
    package.homepage = first_line(record.url);
    if (!record.license.empty()) {
        package.licenses.push_back(classify_license(field_text(record.license)));
    }
    add_property(package, "source-rpm", first_line(record.source_rpm));
    add_property(package, "modularity-label", first_line(record.modularity));
    if (!record.vendor.empty()) {
        add_property(package, "packager", first_line(record.packager));
    }
    add_property(package, "size", record.size ? std::to_string(*record.size) : "");
    add_property(
        package, "install-time", record.install_time ? std::to_string(*record.install_time) : "");
    return package;
}

Result<std::size_t> parse_rpm_manifest(ByteView text,
                                       const std::function<Status(const RpmRecord&)>& visit) {
    std::size_t passed_over = 0;
    while (!text.empty()) {
        std::string_view line = text::take_until(text, '\n');
        if (text::trim(line).empty()) {
            continue;
        }
        std::array<std::string_view, 10> columns;
        for (std::string_view& column : columns) {
            column = unless_none(text::trim(text::take_until(line, '\t')));
        }
        const std::size_t dash = columns[1].rfind('-');
        RpmRecord record;
        record.name = columns[0];
        record.version = columns[1].substr(0, dash);
        record.release = dash == std::string_view::npos ? "" : columns[1].substr(dash + 1);
        record.install_time = text::parse_unsigned(columns[2]);
        record.vendor = columns[4];
        record.epoch = text::parse_unsigned(columns[5]);
        record.size = text::parse_unsigned(columns[6]);
        record.architecture = columns[7];
        record.source_rpm = columns[9];
        if (is_public_key(record)) {
            continue;
        }
        if (record.name.empty() || record.release.empty() || record.architecture.empty()) {
            ++passed_over;
            continue;
        }
        BULLA_TRY(visit(record));
    }
    return passed_over;
}

} // namespace bulla::sbom
