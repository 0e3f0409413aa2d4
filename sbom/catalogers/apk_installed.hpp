// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/core/bytes.hpp"
#include "base/core/result.hpp"

#include <functional>
#include <string_view>

namespace bulla::sbom {

/// One package of apk's installed database (apk-tools, "installed" format); views into its text.
struct ApkRecord {
    std::string_view package;      ///< P
    std::string_view version;      ///< V
    std::string_view architecture; ///< A
    std::string_view license;      ///< L
    std::string_view origin;       ///< o
    std::string_view maintainer;   ///< m
    std::string_view url;          ///< U
    std::string_view description;  ///< T
    std::string_view dependencies; ///< D, separated by blanks
    std::string_view provides;     ///< p, separated by blanks
};

/// Calls `visit` for each record that names a package; stops at the first error.
Status parse_apk_installed(ByteView text, const std::function<Status(const ApkRecord&)>& visit);

/// Calls `visit` with each record's ordinal among those parse_apk_installed visits, and the folder
/// and name of each file it installed.
void for_each_apk_file(
    ByteView text,
    const std::function<void(std::size_t record, std::string_view folder, std::string_view name)>&
        visit);

/// The name in an entry of D or p: without the version behind "<", ">", "=" or "~". Empty for a
/// conflict ("!name").
std::string_view apk_dependency_name(std::string_view entry);

} // namespace bulla::sbom
