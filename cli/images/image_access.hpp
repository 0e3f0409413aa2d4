// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/http/http_client.hpp"
#include "cli/common/context.hpp"
#include "oci/reference/reference.hpp"
#include "oci/store/platform_image.hpp"
#include "oci/store/repository.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace bulla::cli {

/// An image that a command was given: where it is, and what its name stood for when it was looked
/// at.
struct OpenImage {
    oci::ImageName name;
    std::unique_ptr<oci::Repository> repository;
    oci::StoredManifest top; ///< what the name resolved to; from here on only its digest is used

    /// The name with the digest it resolved to, as a person would type it:
    /// "127.0.0.1:5000/app@sha256:…".
    std::string pinned() const { return name.at(top.descriptor.digest).to_string(); }
};

/// Opens what a name of an archive means. Given by the commands that read archives; the others link
/// nothing that inflates.
using OpenArchive = Result<OpenImage> (*)(oci::ImageName name);

enum class Layouts : std::uint8_t {
    must_exist,
    may_be_new, ///< a layout folder that is not there is made
};

/// Opens the images that a command line names. Connections and credentials are shared by everything
/// opened through one object, made when the first registry is opened (a run on layout folders never
/// touches the network), and must outlive the repositories.
class ImageAccess {
  public:
    /// Without `open_archive` archives are refused, with the way around.
    ImageAccess(const Context& context,
                const RegistryOptions& options,
                OpenArchive open_archive = nullptr);
    ~ImageAccess();
    ImageAccess(const ImageAccess&) = delete;
    ImageAccess& operator=(const ImageAccess&) = delete;

    Result<std::unique_ptr<oci::Repository>> open_repository(const oci::ImageName& name,
                                                             Layouts layouts = Layouts::must_exist);

    /// Opens what a command line names and resolves it, once. What is said about an archive that
    /// holds no manifests goes to the log.
    Result<OpenImage> open(std::string_view name);

  private:
    struct Network;

    const Context& context_;
    Result<OpenImage> open_in_archive(oci::ImageName name) const;

    const RegistryOptions& options_;
    OpenArchive open_archive_;
    std::unique_ptr<Network> network_;
};

/// The connection of a run: what --offline says, and who we are.
std::unique_ptr<http::HttpClient> make_http_client(const Context& context);

/// Which platform is meant: --platform, or that of this machine.
struct WantedPlatform {
    oci::Platform platform;
    oci::PlatformChoice choice = oci::PlatformChoice::host_default;
};

Result<WantedPlatform> wanted_platform(const RegistryOptions& options);

/// How many things to do at a time: --jobs, or the number of processors.
unsigned jobs_of(const RegistryOptions& options);

} // namespace bulla::cli
