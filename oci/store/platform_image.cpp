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

/// The platforms of an index's runnable entries.
std::string list_runnable(const Index& index) {
    std::set<std::string> names;
    for (const Descriptor& entry : index.manifests) {
        if (is_runnable(entry) && entry.platform) {
            names.insert(text::printable(entry.platform->to_string()));
        }
    }
    std::string out;
    for (const std::string& name : names) {
        out += (out.empty() ? "" : ", ") + name;
    }
    return out;
}

/// Checks that a manifest somebody asked for by platform is of that platform.
Status check_platform(const Platform& found, const Platform& wanted) {
    const bool same = found.os == wanted.os && found.architecture == wanted.architecture &&
                      (wanted.variant.empty() || found.variant == wanted.variant);
    if (!same) {
        return Error{ErrorCode::not_found,
                     "the image is not of the platform that --platform asks for"}
            .with("found", found.to_string())
            .with("expected", wanted.to_string());
    }
    return ok();
}

struct Chosen {
    StoredManifest manifest;
    std::optional<Platform> platform{};
};

/// The entry for a platform. A source that may be partial is asked for it among what is there, if
/// nobody asked for a platform: an archive of one platform's image may carry the whole index.
Result<Chosen>
choose(BlobSource& source, const Index& index, const Platform& platform, PlatformChoice choice) {
    auto entry = select_platform(index, platform, choice);
    if (entry) {
        auto manifest = source.fetch_manifest(entry->digest);
        if (manifest) {
            return Chosen{std::move(*manifest), entry->platform};
        }
        entry = std::move(manifest.error());
    }
    if (entry.error().code != ErrorCode::not_found || !source.may_be_partial()) {
        return std::move(entry.error());
    }
    Index present = index;
    std::erase_if(present.manifests, [&](const Descriptor& other) {
        const auto there = source.fetch_manifest(other.digest);
        return !there && there.error().code == ErrorCode::not_found;
    });
    if (present.manifests.size() == index.manifests.size()) {
        return std::move(entry.error());
    }
    if (choice == PlatformChoice::host_default) {
        if (const auto other = select_platform(present, platform, choice)) {
            BULLA_TRY_ASSIGN(StoredManifest manifest, source.fetch_manifest(other->digest));
            return Chosen{std::move(manifest), other->platform};
        }
    }
    const std::string there = list_runnable(present);
    return std::move(entry.error())
        .with("not all is in", source.name())
        .with("platforms there", there.empty() ? "none" : there)
        .with_hint("save the image again with the platform that is wanted: `docker save "
                   "--platform " +
                   platform.to_string() + "`");
}

/// Collects what is below an index, children first. `path` holds the indexes we are inside of.
class Descendants {
  public:
    explicit Descendants(BlobSource& source) : source_(source) {}

    Status collect(const StoredManifest& manifest) {
        if (!seen_.insert(manifest.descriptor.digest).second) {
            return std::ranges::find(path_, manifest.descriptor.digest) != path_.end()
                       ? Status(too_deep(manifest.descriptor.digest))
                       : ok();
        }
        if (media_type::is_index(manifest.descriptor.media_type)) {
            if (path_.size() >= limits::kIndexDepth) {
                return too_deep(manifest.descriptor.digest);
            }
            path_.push_back(manifest.descriptor.digest);
            BULLA_TRY(collect_entries(manifest));
            path_.pop_back();
        }
        return add(manifest.descriptor);
    }

    std::vector<Descriptor> take() && { return std::move(out_); }

  private:
    Status collect_entries(const StoredManifest& manifest) {
        BULLA_TRY_ASSIGN(const Index index,
                         parse_index(manifest.bytes, manifest.descriptor.media_type));
        for (const Descriptor& entry : index.manifests) {
            if (media_type::is_index(entry.media_type)) {
                BULLA_TRY_ASSIGN(const StoredManifest child, source_.fetch_manifest(entry.digest));
                BULLA_TRY(collect(child));
            } else if (media_type::is_manifest(entry.media_type) &&
                       seen_.insert(entry.digest).second) {
                BULLA_TRY(add(entry));
            }
        }
        return ok();
    }

    Status add(const Descriptor& found) {
        if (out_.size() >= limits::kIndexEntries) {
            return Error{ErrorCode::limit_exceeded,
                         "the index leads to more than " + std::to_string(limits::kIndexEntries) +
                             " manifests"};
        }
        out_.push_back(
            {.media_type = found.media_type, .digest = found.digest, .size = found.size});
        return ok();
    }

    BlobSource& source_;
    std::vector<Digest> path_;
    std::set<Digest> seen_;
    std::vector<Descriptor> out_;
};

} // namespace

Result<PlatformImage> select_image(BlobSource& source,
                                   StoredManifest top,
                                   const Platform& platform,
                                   PlatformChoice choice) {
    StoredManifest current = std::move(top);
    std::vector<Digest> indexes;
    std::optional<Platform> found;
    while (media_type::is_index(current.descriptor.media_type)) {
        if (indexes.size() >= limits::kIndexDepth) {
            return too_deep(current.descriptor.digest);
        }
        BULLA_TRY_ASSIGN(const Index index,
                         parse_index(current.bytes, current.descriptor.media_type));
        indexes.push_back(current.descriptor.digest);
        BULLA_TRY_ASSIGN(Chosen chosen, choose(source, index, platform, choice));
        found = std::move(chosen.platform);
        current = std::move(chosen.manifest);
    }
    BULLA_TRY_ASSIGN(Manifest parsed, parse_manifest(current.bytes, current.descriptor.media_type));
    // What the index does not say, the config does.
    const bool asked = choice == PlatformChoice::explicit_request;
    if (!found && (asked || !indexes.empty())) {
        BULLA_TRY_ASSIGN(const ImageConfig config, fetch_image_config(source, parsed));
        if (asked) {
            BULLA_TRY(check_platform(config.platform, platform));
        }
        found = config.platform;
    }
    return PlatformImage{
        std::move(current), std::move(parsed), std::move(indexes), std::move(found)};
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

Result<std::vector<Descriptor>> list_descendants(BlobSource& source, const StoredManifest& top) {
    Descendants descendants(source);
    BULLA_TRY(descendants.collect(top));
    return std::move(descendants).take();
}

} // namespace bulla::oci
