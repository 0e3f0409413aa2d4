// SPDX-License-Identifier: Apache-2.0
#include "oci/archive/open_archive.hpp"

#include "base/core/limits.hpp"
#include "base/core/text.hpp"
#include "oci/archive/docker_archive.hpp"
#include "oci/archive/layout_archive.hpp"
#include "oci/manifest/manifest.hpp"
#include "oci/store/open.hpp"

#include <optional>
#include <utility>

namespace bulla::oci {

namespace {

using SharedArchive = std::shared_ptr<const ArchiveFile>;

Result<ArchivedImage> open_as(ImageName::Kind kind, ImageName name, const SharedArchive& archive) {
    name.kind = kind;
    std::unique_ptr<Repository> repository;
    if (kind == ImageName::Kind::oci_archive) {
        BULLA_TRY_ASSIGN(repository, open_layout_archive(archive));
    } else {
        BULLA_TRY_ASSIGN(repository, open_docker_archive(archive));
    }
    BULLA_TRY_ASSIGN(StoredManifest top, resolve_image(*repository, name));
    return ArchivedImage{std::move(name), std::move(repository), std::move(top)};
}

/// Looks for the manifest of an image among what index.json lists.
class ListedImage {
  public:
    ListedImage(BlobSource& layout, DockerIdentity wanted)
        : layout_(layout), wanted_(std::move(wanted)) {}

    /// The entry that is the image's manifest or an index that leads to it; nothing if none does.
    Result<std::optional<StoredManifest>> find(const Index& index) {
        for (const Descriptor& entry : index.manifests) {
            BULLA_TRY_ASSIGN(auto found, leads_to(entry, 0));
            if (found) {
                return found;
            }
        }
        return std::optional<StoredManifest>();
    }

  private:
    Result<std::optional<StoredManifest>> leads_to(const Descriptor& entry, std::size_t depth) {
        if (++seen_ > limits::kIndexEntries || depth > limits::kIndexDepth) {
            return Error{ErrorCode::limit_exceeded,
                         "index.json leads to more manifests, or deeper, than is read"};
        }
        if (!is_runnable(entry)) {
            return std::optional<StoredManifest>();
        }
        auto stored = layout_.fetch_manifest(entry.digest);
        if (!stored && stored.error().code == ErrorCode::not_found) {
            return std::optional<StoredManifest>(); // another platform's, which was not saved
        }
        BULLA_TRY(stored);
        BULLA_TRY_ASSIGN(const bool leads, is_or_holds(*stored, depth));
        return leads ? std::optional(std::move(*stored)) : std::nullopt;
    }

    Result<bool> is_or_holds(const StoredManifest& stored, std::size_t depth) {
        if (!media_type::is_index(stored.descriptor.media_type)) {
            BULLA_TRY_ASSIGN(const Manifest manifest,
                             parse_manifest(stored.bytes, stored.descriptor.media_type));
            return manifest.config.digest == wanted_.config &&
                   manifest.layers.size() == wanted_.layers;
        }
        BULLA_TRY_ASSIGN(const Index index,
                         parse_index(stored.bytes, stored.descriptor.media_type));
        for (const Descriptor& entry : index.manifests) {
            BULLA_TRY_ASSIGN(const auto found, leads_to(entry, depth + 1));
            if (found) {
                return true;
            }
        }
        return false;
    }

    BlobSource& layout_;
    DockerIdentity wanted_;
    std::size_t seen_ = 0;
};

Result<ArchivedImage> open_double(ImageName name, const SharedArchive& archive) {
    BULLA_TRY_ASSIGN(const auto docker, open_docker_archive(archive));
    const auto identity = docker->identify(name.ref_name);
    if (!identity && identity.error().code != ErrorCode::not_found) {
        return identity.error();
    }
    if (name.digest || (!identity && !name.ref_name.empty())) {
        return open_as(ImageName::Kind::oci_archive, std::move(name), archive);
    }
    if (!identity) {
        return Error(identity.error()).with("image", text::printable(name.to_string()));
    }
    BULLA_TRY_ASSIGN(auto layout, open_layout_archive(archive));
    BULLA_TRY_ASSIGN(const Bytes bytes, archive->read_member("index.json", limits::kManifestBytes));
    BULLA_TRY_ASSIGN(const Index index, parse_index(bytes, media_type::kIndex));
    BULLA_TRY_ASSIGN(auto top, ListedImage(*layout, *identity).find(index));
    if (!top) {
        return open_as(ImageName::Kind::docker_archive, std::move(name), archive);
    }
    name.kind = ImageName::Kind::oci_archive;
    return ArchivedImage{std::move(name), std::move(layout), std::move(*top)};
}

} // namespace

Result<ArchivedImage> open_archive(ImageName name) {
    BULLA_TRY_ASSIGN(ArchiveFile file, ArchiveFile::open(name.path));
    const auto archive = std::make_shared<const ArchiveFile>(std::move(file));
    if (name.kind != ImageName::Kind::archive) {
        const auto kind = name.kind;
        return open_as(kind, std::move(name), archive);
    }
    const bool docker = holds_docker_images(*archive);
    const bool layout = archive->contains("oci-layout");
    if (docker && layout) {
        return open_double(std::move(name), archive);
    }
    if (docker && name.digest) {
        return Error{ErrorCode::usage,
                     archive->title() +
                         " holds no manifests, and so no image can be named by digest"}
            .with_hint("name it by its tag or the first digits of its image id");
    }
    if (!docker && !layout) {
        return Error{ErrorCode::malformed,
                     archive->title() + " holds no image: it has neither a file manifest.json "
                                        "(docker save) nor a file oci-layout"}
            .with_hint("to list the packages of a file tree in an archive, unpack it and name the "
                       "folder: \"dir:FOLDER\"");
    }
    return open_as(docker ? ImageName::Kind::docker_archive : ImageName::Kind::oci_archive,
                   std::move(name),
                   archive);
}

} // namespace bulla::oci
