// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/common/context.hpp"
#include "oci/reference/reference.hpp"
#include "oci/store/credentials.hpp"
#include "oci/store/platform_image.hpp"
#include "oci/store/repository.hpp"

#include <memory>
#include <string_view>

namespace bulla::cli {

/// An image that a command was given: where it is, and what its name stands for right now.
struct OpenImage {
    oci::ImageName name;
    std::unique_ptr<oci::Repository> repository;
    oci::StoredManifest top; ///< the manifest or index that the name resolves to; from here on only
                             ///< its digest is used

    /// The name with the digest it resolved to, as a person would type it:
    /// "127.0.0.1:5000/app@sha256:…".
    std::string pinned() const { return name.at(top.descriptor.digest).to_string(); }
};

/// Opens a repository or layout by name. The layout folder must exist unless it is opened for
/// writing.
Result<std::unique_ptr<oci::Repository>> open_repository(const oci::ImageName& name,
                                                         oci::Access access,
                                                         const Context& context,
                                                         const RegistryOptions& options);

/// Opens what a command line names and resolves it, once.
Result<OpenImage> open_image(std::string_view name,
                             oci::Access access,
                             const Context& context,
                             const RegistryOptions& options);

/// Which platform is meant: --platform, or that of this machine.
struct WantedPlatform {
    oci::Platform platform;
    oci::PlatformChoice choice = oci::PlatformChoice::host_default;
};

Result<WantedPlatform> wanted_platform(const RegistryOptions& options);

/// How many things to do at a time: --jobs, or the number of processors.
unsigned jobs_of(const RegistryOptions& options);

} // namespace bulla::cli
