// SPDX-License-Identifier: Apache-2.0
#include "cli/images/image_access.hpp"

#include "base/core/text.hpp"
#include "base/http/curl_client.hpp"
#include "cli/common/interrupts.hpp"
#include "cli/common/version.hpp"
#include "oci/store/credentials.hpp"
#include "oci/store/layout_repository.hpp"
#include "oci/store/open.hpp"
#include "oci/store/registry_repository.hpp"

#include <algorithm>
#include <thread>

namespace bulla::cli {

struct ImageAccess::Network {
    explicit Network(const Context& context)
        : client(make_http_client(context)),
          credentials(oci::make_credential_source(oci::CredentialPlaces::from_environment(),
                                                  &context.logger)),
          abort_uploads([this] { oci::abort_uploads(*client); }) {}

    std::unique_ptr<http::HttpClient> client;
    std::unique_ptr<oci::CredentialSource> credentials;
    interrupts::Hook abort_uploads;
};

ImageAccess::ImageAccess(const Context& context,
                         const RegistryOptions& options,
                         OpenArchive open_archive)
    : context_(context), options_(options), open_archive_(open_archive) {}

ImageAccess::~ImageAccess() = default;

namespace {

Error refuse_place(const oci::ImageName& name) {
    const std::string shown = text::printable(name.to_string());
    if (name.kind == oci::ImageName::Kind::directory) {
        return Error{ErrorCode::usage, "\"" + shown + "\" is a folder with files and no image"}
            .with_hint("`bulla-sbom create " + shown + "` lists what is installed in it");
    }
    return Error{ErrorCode::usage,
                 "\"" + shown +
                     "\" is an archive, and this command works on registries and layout "
                     "folders"}
        .with_hint("copy the image first: `bulla-oci copy --recursive " + shown +
                   " oci:DIR:TAG`, and name \"oci:DIR:TAG\"");
}

} // namespace

Result<std::unique_ptr<oci::Repository>> ImageAccess::open_repository(const oci::ImageName& name,
                                                                      Layouts layouts) {
    if (name.is_archive() || name.kind == oci::ImageName::Kind::directory) {
        return refuse_place(name);
    }
    if (name.kind == oci::ImageName::Kind::layout) {
        return layouts == Layouts::may_be_new ? oci::create_or_open_layout(name.path)
                                              : oci::open_layout(name.path);
    }
    if (!network_) {
        network_ = std::make_unique<Network>(context_);
    }
    return oci::open_registry(*name.reference,
                              {.client = *network_->client,
                               .credentials = *network_->credentials,
                               .plain_http = options_.plain_http ? oci::PlainHttp::allowed
                                                                 : oci::PlainHttp::loopback_only,
                               .logger = &context_.logger});
}

Result<OpenImage> ImageAccess::open(std::string_view name) {
    BULLA_TRY_ASSIGN(oci::ImageName parsed, oci::ImageName::parse(name));
    if (parsed.is_archive() && open_archive_ != nullptr) {
        return open_in_archive(std::move(parsed));
    }
    BULLA_TRY_ASSIGN(auto repository, open_repository(parsed));
    BULLA_TRY_ASSIGN(oci::StoredManifest top, oci::resolve_image(*repository, parsed));
    return OpenImage{std::move(parsed), std::move(repository), std::move(top)};
}

Result<OpenImage> ImageAccess::open_in_archive(oci::ImageName name) const {
    BULLA_TRY_ASSIGN(OpenImage image, open_archive_(std::move(name)));
    if (image.top.origin != oci::ManifestOrigin::stored) {
        context_.logger.info(
            "the archive holds no manifest: " + image.top.descriptor.digest.to_string() +
            " is one that was made of its config and layers, and no registry's");
    }
    return image;
}

std::unique_ptr<http::HttpClient> make_http_client(const Context& context) {
    return http::make_curl_client(
        {.user_agent = std::string("bulla/") + kVersion,
         .network = context.options.offline ? http::Network::offline : http::Network::online,
         .logger = &context.logger});
}

Result<WantedPlatform> wanted_platform(const RegistryOptions& options) {
    if (!options.platform) {
        return WantedPlatform{oci::Platform::host(), oci::PlatformChoice::host_default};
    }
    BULLA_TRY_ASSIGN(auto platform, oci::Platform::parse(*options.platform));
    return WantedPlatform{std::move(platform), oci::PlatformChoice::explicit_request};
}

unsigned jobs_of(const RegistryOptions& options) {
    return options.jobs.value_or(std::clamp(std::thread::hardware_concurrency(), 1U, 8U));
}

} // namespace bulla::cli
