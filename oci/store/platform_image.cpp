// SPDX-License-Identifier: Apache-2.0
#include "oci/store/platform_image.hpp"

#include "base/core/limits.hpp"
#include "base/core/text.hpp"

#include <algorithm>
#include <set>

namespace bulla::oci {

namespace {

Error too_deep(const Digest& digest) {
    return Error{ErrorCode::malformed,
                 "indexes are nested deeper than " + std::to_string(limits::kIndexDepth) +
                     " levels or contain themselves, at " + digest.to_string()};
}

/// Checks that a manifest somebody asked for by platform is of that platform.
Status check_platform(BlobSource& source, const Manifest& manifest, const Platform& wanted) {
    BULLA_TRY_ASSIGN(const ImageConfig config, fetch_image_config(source, manifest));
    const bool same = config.platform.os == wanted.os &&
                      config.platform.architecture == wanted.architecture &&
                      (wanted.variant.empty() || config.platform.variant == wanted.variant);
    if (!same) {
        return Error{ErrorCode::not_found,
                     "the image is not of the platform that --platform asks for"}
            .with("found", config.platform.to_string())
            .with("expected", wanted.to_string());
    }
    return ok();
}

/// Collects below `manifest`, children first. `path` holds the indexes we are inside of.
Status collect(BlobSource& source,
               const StoredManifest& manifest,
               std::vector<Digest>& path,
               std::set<Digest>& seen,
               std::vector<StoredManifest>& out) {
    if (!seen.insert(manifest.descriptor.digest).second) {
        return std::ranges::find(path, manifest.descriptor.digest) != path.end()
                   ? Status(too_deep(manifest.descriptor.digest))
                   : ok();
    }
    if (media_type::is_index(manifest.descriptor.media_type)) {
        if (path.size() >= limits::kIndexDepth) {
            return too_deep(manifest.descriptor.digest);
        }
        path.push_back(manifest.descriptor.digest);
        BULLA_TRY_ASSIGN(const Index index,
                         parse_index(manifest.bytes, manifest.descriptor.media_type));
        for (const Descriptor& entry : index.manifests) {
            const bool readable =
                media_type::is_manifest(entry.media_type) || media_type::is_index(entry.media_type);
            if (!readable) {
                continue;
            }
            auto child = source.fetch_manifest(entry.digest);
            if (!child && child.error().code == ErrorCode::not_found && !is_runnable(entry)) {
                continue;
            }
            if (!child) {
                return std::move(child.error());
            }
            BULLA_TRY(collect(source, *child, path, seen, out));
        }
        path.pop_back();
    }
    out.push_back(manifest);
    return ok();
}

} // namespace

Result<PlatformImage> select_image(BlobSource& source,
                                   StoredManifest top,
                                   const Platform& platform,
                                   PlatformChoice choice) {
    std::vector<Digest> indexes;
    StoredManifest current = std::move(top);
    while (media_type::is_index(current.descriptor.media_type)) {
        if (indexes.size() >= limits::kIndexDepth) {
            return too_deep(current.descriptor.digest);
        }
        BULLA_TRY_ASSIGN(const Index index,
                         parse_index(current.bytes, current.descriptor.media_type));
        BULLA_TRY_ASSIGN(const Descriptor chosen, select_platform(index, platform, choice));
        indexes.push_back(current.descriptor.digest);
        BULLA_TRY_ASSIGN(current, source.fetch_manifest(chosen.digest));
    }
    BULLA_TRY_ASSIGN(Manifest parsed, parse_manifest(current.bytes, current.descriptor.media_type));
    if (indexes.empty() && choice == PlatformChoice::explicit_request) {
        BULLA_TRY(check_platform(source, parsed, platform));
    }
    return PlatformImage{std::move(current), std::move(parsed), std::move(indexes)};
}

Result<ImageConfig> fetch_image_config(BlobSource& source, const Manifest& manifest) {
    const auto& type = manifest.config.media_type;
    if (type != media_type::kConfig && type != media_type::kDockerConfig) {
        return Error{ErrorCode::unsupported,
                     "this is not a container image: its config is of another type"}
            .with("found", text::printable(type))
            .with("expected", std::string(media_type::kConfig))
            .with_hint("artifacts such as signatures and charts have no packages to list");
    }
    BULLA_TRY_ASSIGN(const Bytes bytes,
                     fetch_blob(source, manifest.config, limits::kConfigBytes, "the image config"));
    return parse_image_config(bytes);
}

Result<std::vector<StoredManifest>> list_descendants(BlobSource& source,
                                                     const StoredManifest& top) {
    std::vector<Digest> path;
    std::set<Digest> seen;
    std::vector<StoredManifest> out;
    BULLA_TRY(collect(source, top, path, seen, out));
    return out;
}

} // namespace bulla::oci
