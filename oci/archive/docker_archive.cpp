// SPDX-License-Identifier: Apache-2.0
#include "oci/archive/docker_archive.hpp"

#include "base/core/limits.hpp"
#include "base/core/text.hpp"
#include "oci/archive/docker_manifest.hpp"
#include "oci/archive/layout_archive.hpp"
#include "oci/archive/made_image.hpp"
#include "oci/reference/reference.hpp"

#include <algorithm>
#include <map>
#include <mutex>
#include <set>
#include <utility>

namespace bulla::oci {

namespace {

/// So many digits of an id are no accident; Docker itself shows twelve.
constexpr std::size_t kShortestId = 4;

/// An image that an archive lists.
struct Listed {
    DockerImage image{}; ///< its config and layers are empty before Docker 1.10
    std::string old_id{};

    bool same_image(const Listed& other) const {
        return old_id == other.old_id && image.config == other.image.config &&
               image.layers == other.image.layers;
    }
};

/// "docker.io/library/app:latest" for "app"; what is no reference stays as it is.
std::string full_name(const std::string& name) {
    const auto reference = Reference::parse(name);
    return reference ? reference->to_string() : name;
}

bool is_hex(std::string_view text) {
    return std::ranges::all_of(text,
                               [](char c) { return text::is_digit(c) || (c >= 'a' && c <= 'f'); });
}

class DockerArchive final : public DockerImages {
  public:
    DockerArchive(std::shared_ptr<const ArchiveFile> archive, std::vector<Listed> images)
        : archive_(std::move(archive)), images_(std::move(images)) {}

    std::string name() const override { return "docker-archive:" + archive_->path(); }

    Result<DockerIdentity> identify(std::string_view tag) const override;
    Result<StoredManifest> fetch_manifest(const Digest& digest) override;
    Result<StoredManifest> fetch_tag(std::string_view tag) override;
    Result<std::unique_ptr<Reader>> open_blob(const Descriptor& blob) override;
    Result<BlobFile> open_blob_file(const Descriptor& blob) override;
    Result<std::vector<std::string>> list_tags() override;

    /// The format has no place for anything but images.
    Result<std::vector<Descriptor>> list_referrers(const Digest&, std::string_view) override {
        return std::vector<Descriptor>();
    }

    Result<bool> has_blob(const Descriptor&) override { return refuse_writing(*archive_); }

    Status put_blob(const Descriptor&, Reader&) override { return refuse_writing(*archive_); }

    Status put_manifest(const StoredManifest&, std::string_view) override {
        return refuse_writing(*archive_);
    }

  private:
    Result<std::vector<const Listed*>> find(std::string_view tag) const;
    Result<const Listed*> find_one(std::string_view tag) const;
    Result<std::string> id_of(const Listed& image) const;
    Error not_one(std::string_view tag, const std::vector<const Listed*>& found) const;
    Result<MadeImage::Content> content_of(const Descriptor& blob);

    std::shared_ptr<const ArchiveFile> archive_; ///< shared with whoever found out what it holds
    std::vector<Listed> images_;
    std::mutex mutex_;
    std::map<Digest, StoredManifest> made_{};
    std::map<Digest, MadeImage::Content> blobs_{};
};

Result<std::string> DockerArchive::id_of(const Listed& listed) const {
    if (!listed.old_id.empty()) {
        return listed.old_id;
    }
    BULLA_TRY_ASSIGN(const Bytes config,
                     archive_->read_member(listed.image.config, limits::kConfigBytes));
    BULLA_TRY_ASSIGN(const Digest digest, digest_of_config(listed.image.config, config));
    return std::string(digest.hex());
}

/// The images that a tag means, without doubles.
Result<std::vector<const Listed*>> DockerArchive::find(std::string_view tag) const {
    std::vector<const Listed*> found;
    const auto add = [&](const Listed& listed) {
        const bool known = std::ranges::any_of(
            found, [&](const Listed* other) { return other->same_image(listed); });
        if (!known) {
            found.push_back(&listed);
        }
    };
    const std::string wanted = full_name(std::string(tag));
    for (const Listed& listed : images_) {
        const bool named = std::ranges::any_of(listed.image.tags, [&](const std::string& one) {
            return one == tag || full_name(one) == wanted;
        });
        if (tag.empty() || named) {
            add(listed);
        }
    }
    std::string_view digits = tag;
    if (digits.starts_with("sha256:")) {
        digits.remove_prefix(std::string_view("sha256:").size());
    }
    if (!found.empty() || digits.size() < kShortestId || !is_hex(digits)) {
        return found;
    }
    for (const Listed& listed : images_) {
        BULLA_TRY_ASSIGN(const std::string id, id_of(listed));
        if (id.starts_with(digits)) {
            add(listed);
        }
    }
    return found;
}

Error DockerArchive::not_one(std::string_view tag, const std::vector<const Listed*>& found) const {
    std::set<std::string> names;
    for (const Listed& listed : images_) {
        for (const std::string& one : listed.image.tags) {
            names.insert(text::printable(one));
        }
        if (listed.image.tags.empty()) {
            const auto id = id_of(listed);
            names.insert(id ? id->substr(0, 12) : text::printable(listed.image.config));
        }
    }
    const std::string count = std::to_string(found.size()) + " images";
    Error error{
        ErrorCode::not_found,
        found.empty() && tag.empty() ? archive_->title() + " holds no image"
        : found.empty() ? archive_->title() + " has no image \"" + text::printable(tag) + "\""
        : tag.empty()
            ? archive_->title() + " holds " + count + ", and which one is meant was not said"
            : archive_->title() + " has " + count + " for \"" + text::printable(tag) + "\""};
    std::string list;
    for (const std::string& one : names) {
        list += (list.empty() ? "" : ", ") + one;
    }
    if (list.empty()) {
        return error;
    }
    return std::move(error)
        .with("names in the archive", list)
        .with_hint("name one of them: \"" + text::printable(name()) + ":" + *names.begin() + "\"");
}

Result<const Listed*> DockerArchive::find_one(std::string_view tag) const {
    BULLA_TRY_ASSIGN(const auto found, find(tag));
    if (found.size() != 1) {
        return not_one(tag, found);
    }
    return found.front();
}

Result<DockerIdentity> DockerArchive::identify(std::string_view tag) const {
    BULLA_TRY_ASSIGN(const Listed* listed, find_one(tag));
    BULLA_TRY_ASSIGN(const std::string id, id_of(*listed));
    BULLA_TRY_ASSIGN(Digest config, Digest::parse("sha256:" + id));
    return DockerIdentity{std::move(config), listed->image.layers.size()};
}

Result<StoredManifest> DockerArchive::fetch_tag(std::string_view tag) {
    BULLA_TRY_ASSIGN(const Listed* found, find_one(tag));
    const Listed& listed = *found;
    auto made = listed.old_id.empty() ? make_image(*archive_, listed.image)
                                      : make_image_of_layers(*archive_, listed.old_id);
    if (!made && made.error().code == ErrorCode::not_found) {
        made.error().code = ErrorCode::malformed; // the image is there, a part of it is not
    }
    BULLA_TRY(made);
    const std::lock_guard lock(mutex_);
    blobs_.merge(made->blobs);
    made_.insert_or_assign(made->manifest.descriptor.digest, made->manifest);
    return std::move(made->manifest);
}

Result<StoredManifest> DockerArchive::fetch_manifest(const Digest& digest) {
    const std::lock_guard lock(mutex_);
    const auto found = made_.find(digest);
    if (found != made_.end()) {
        return found->second;
    }
    return Error{ErrorCode::not_found, digest.to_string() + " is not in " + archive_->title()}
        .with_hint("an archive of `docker save` holds no manifests; name its image by tag or id");
}

Result<MadeImage::Content> DockerArchive::content_of(const Descriptor& blob) {
    const std::lock_guard lock(mutex_);
    const auto found = blobs_.find(blob.digest);
    if (found == blobs_.end()) {
        return Error{ErrorCode::not_found,
                     blob.digest.to_string() + " is not in " + archive_->title()};
    }
    return found->second;
}

Result<BlobFile> DockerArchive::open_blob_file(const Descriptor& blob) {
    BULLA_TRY_ASSIGN(const auto content, content_of(blob));
    return content.member.empty() ? Result<BlobFile>(BlobFile())
                                  : archive_->open_member(content.member);
}

Result<std::unique_ptr<Reader>> DockerArchive::open_blob(const Descriptor& blob) {
    /// Reads bytes that it holds.
    class BytesReader final : public Reader {
      public:
        explicit BytesReader(Bytes bytes) : bytes_(std::move(bytes)), reader_(bytes_) {}

        Result<std::size_t> read(std::span<char> into) override { return reader_.read(into); }

      private:
        Bytes bytes_;
        MemoryReader reader_;
    };

    BULLA_TRY_ASSIGN(const auto content, content_of(blob));
    if (content.member.empty()) {
        return std::unique_ptr<Reader>(std::make_unique<BytesReader>(content.bytes));
    }
    BULLA_TRY_ASSIGN(BlobFile file, archive_->open_member(content.member));
    return make_reader(std::move(file), archive_->path());
}

Result<std::vector<std::string>> DockerArchive::list_tags() {
    std::set<std::string> names;
    for (const Listed& listed : images_) {
        names.insert(listed.image.tags.begin(), listed.image.tags.end());
    }
    return std::vector<std::string>(names.begin(), names.end());
}

Error in_member(Error error, const ArchiveFile& archive, std::string_view member) {
    return std::move(error)
        .with("archive", text::printable(archive.path()))
        .with("member", std::string(member));
}

Result<std::vector<Listed>> list_images(const ArchiveFile& archive) {
    BULLA_TRY_ASSIGN(const Bytes bytes,
                     archive.read_member("manifest.json", limits::kManifestBytes));
    auto images = parse_docker_manifest(bytes);
    if (!images) {
        return in_member(std::move(images.error()), archive, "manifest.json");
    }
    std::vector<Listed> out;
    for (DockerImage& image : *images) {
        out.push_back({.image = std::move(image)});
    }
    return out;
}

/// Images saved by id have no entry in `repositories`: they are the layers that no other layer
/// has for its parent.
Result<std::vector<Listed>> list_heads(const ArchiveFile& archive) {
    std::set<std::string> heads;
    std::set<std::string> parents;
    for (const std::string_view name : archive.names()) {
        const auto slash = name.find('/');
        if (slash == std::string_view::npos || name.substr(slash) != "/json" ||
            !is_docker_id(name.substr(0, slash))) {
            continue;
        }
        BULLA_TRY_ASSIGN(const Bytes bytes, archive.read_member(name, limits::kConfigBytes));
        auto layer = parse_docker_layer(bytes);
        if (!layer) {
            return in_member(std::move(layer.error()), archive, name);
        }
        heads.emplace(name.substr(0, slash));
        parents.insert(std::move(layer->parent));
    }
    std::vector<Listed> out;
    for (const std::string& id : heads) {
        if (!parents.contains(id)) {
            out.push_back({.old_id = id});
        }
    }
    return out;
}

Result<std::vector<Listed>> list_old_images(const ArchiveFile& archive) {
    if (!archive.contains("repositories")) {
        return list_heads(archive);
    }
    BULLA_TRY_ASSIGN(const Bytes bytes,
                     archive.read_member("repositories", limits::kManifestBytes));
    auto repositories = parse_docker_repositories(bytes);
    if (!repositories) {
        return in_member(std::move(repositories.error()), archive, "repositories");
    }
    std::vector<Listed> out;
    for (DockerRepository& one : *repositories) {
        out.push_back(
            {.image = {.config = {}, .tags = {std::move(one.tag)}}, .old_id = std::move(one.id)});
    }
    return out;
}

} // namespace

bool holds_docker_images(const ArchiveFile& archive) {
    if (archive.contains("manifest.json") || archive.contains("repositories")) {
        return true;
    }
    return std::ranges::any_of(archive.names(), [](std::string_view name) {
        return name.size() == 64 + std::string_view("/json").size() && name.ends_with("/json") &&
               is_docker_id(name.substr(0, 64));
    });
}

Result<std::unique_ptr<DockerImages>>
open_docker_archive(std::shared_ptr<const ArchiveFile> archive) {
    if (!holds_docker_images(*archive)) {
        return Error{ErrorCode::malformed,
                     archive->title() +
                         " was not made by `docker save`: it has no file manifest.json"};
    }
    BULLA_TRY_ASSIGN(auto images,
                     archive->contains("manifest.json") ? list_images(*archive)
                                                        : list_old_images(*archive));
    return std::unique_ptr<DockerImages>(
        std::make_unique<DockerArchive>(std::move(archive), std::move(images)));
}

} // namespace bulla::oci
