// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/core/bytes.hpp"
#include "base/core/result.hpp"

#include <functional>
#include <string_view>

namespace bulla::sbom {

/// One package of a dpkg status file as it stands there; views into the file's text.
struct DpkgRecord {
    std::string_view package;
    std::string_view version;
    std::string_view architecture;
    std::string_view status; ///< "install ok installed"; empty in distroless images
    std::string_view source; ///< "name" or "name (version)"
    std::string_view maintainer;
    std::string_view description; ///< all lines
    std::string_view homepage;
    std::string_view depends;
    std::string_view pre_depends;
    std::string_view provides;
    std::string_view multi_arch;

    /// False for a package of which at most configuration files are left (dpkg(1), "Package
    /// states": not-installed, config-files). What is half installed is there.
    bool is_present() const;
};

/// Calls `visit` for each paragraph that names a package; stops at the first error.
Status parse_dpkg_status(ByteView text, const std::function<Status(const DpkgRecord&)>& visit);

} // namespace bulla::sbom
