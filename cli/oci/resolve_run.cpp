// SPDX-License-Identifier: Apache-2.0
#include "cli/common/result_json.hpp"
#include "cli/images/archives.hpp"
#include "cli/images/image_access.hpp"
#include "cli/oci/pick.hpp"
#include "cli/oci/resolve.hpp"
#include "oci/store/stored_manifest.hpp"

namespace bulla::cli::oci {

Result<ExitCode> run_resolve(const ResolveOptions& options, Context& context) {
    ImageAccess access(context, options.registry, &open_archive);
    BULLA_TRY_ASSIGN(const OpenImage image, access.open(options.image));
    BULLA_TRY_ASSIGN(const auto picked, pick_manifest(image, options.registry));
    const auto& descriptor = picked.descriptor;
    // A registry's login page has a digest as well, and nobody wants to pin that.
    BULLA_TRY(bulla::oci::read_facts(picked.bytes, descriptor.media_type));

    BULLA_TRY(context.output.prepare_all("text", descriptor.digest.to_string() + "\n"));
    auto json = begin_result("resolve");
    json.member("name", options.image)
        .member("pinned", image.name.at(descriptor.digest).to_string())
        .member("digest", descriptor.digest.to_string())
        .member("mediaType", descriptor.media_type)
        .key("size")
        .integer(static_cast<std::int64_t>(descriptor.size))
        .end_object();
    BULLA_TRY(context.output.prepare_all("json", json.finish() + "\n"));
    return ExitCode::done;
}

} // namespace bulla::cli::oci
