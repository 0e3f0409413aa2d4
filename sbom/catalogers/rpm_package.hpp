// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sbom/catalogers/cataloger.hpp"
#include "sbom/catalogers/rpm_header.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace bulla::sbom {

/// One installed rpm as its header or a manifest tells of it; views into that text.
struct RpmRecord {
    std::string_view name;
    std::string_view version;
    std::string_view release;
    std::optional<std::uint64_t> epoch;
    std::string_view architecture; ///< empty for what is no package: the keys of rpm's keyring
    std::string_view source_rpm;   ///< the file name of the source package
    std::string_view vendor;
    std::string_view packager;
    std::string_view license;
    std::string_view summary;
    std::string_view url;
    std::string_view modularity;               ///< "name:stream:version:context"
    std::optional<std::uint64_t> size;         ///< bytes of all files
    std::optional<std::uint64_t> install_time; ///< seconds since 1970
};

RpmRecord record_of(const RpmHeader& header);

/// True for the pseudo packages in which rpm keeps public keys: `rpm -qa` lists them, and they
/// install nothing.
bool is_public_key(const RpmRecord& record);

/// The package; its occurrences are left to the caller. The version has the epoch in front
/// ("1:2.3-4") if there is one, the purl has it as a qualifier.
Package package_of(const RpmRecord& record, const CatalogContext& context);

/// Calls `visit` for each line of the manifest that images without an rpm database carry (Azure
/// Linux, /var/lib/rpmmanifest/container-manifest-2): name, version-release, installed, built,
/// vendor, epoch, size, architecture, epoch as a number, source rpm, separated by tabs. Lines that
/// are not so are passed over and counted in the result.
Result<std::size_t> parse_rpm_manifest(ByteView text,
                                       const std::function<Status(const RpmRecord&)>& visit);

} // namespace bulla::sbom
