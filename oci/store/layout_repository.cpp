// SPDX-License-Identifier: Apache-2.0
#include "oci/store/layout_repository.hpp"

#include "base/core/text.hpp"
#include "base/crypto/hasher.hpp"
#include "oci/reference/reference.hpp"
#include "oci/store/borrowed_reader.hpp"
#include "oci/store/layout_folder.hpp"
#include "oci/store/stored_manifest.hpp"

#include <algorithm>
#include <set>

namespace bulla::oci {

namespace {

/// containerd writes the whole reference here.
constexpr std::string_view kContainerdName = "io.containerd.image.name";

std::string_view annotation(const Descriptor& entry, std::string_view name) {
    const auto found = entry.annotations.find(std::string(name));
    return found == entry.annotations.end() ? std::string_view() : std::string_view(found->second);
}

/// The tag at the end of a full reference: "docker.io/library/app:1" -> "1".
std::string_view tag_part(std::string_view name) {
    const auto colon = name.rfind(':');
    const auto slash = name.rfind('/');
    return colon != std::string_view::npos && (slash == std::string_view::npos || colon > slash)
               ? name.substr(colon + 1)
               : std::string_view();
}

/// Names under which signatures and the like are kept: they are no images.
bool is_side_name(std::string_view name) {
    return name.ends_with(".sig") || name.ends_with(".att") || name.ends_with(".sbom") ||
           ((name.starts_with("sha256-") || name.starts_with("sha512-")) &&
            name.size() >= std::string_view("sha256-").size() + 64);
}

/// Makes the name of an entry stand for it, and for nothing else.
void set_named(RawIndex& index, const Descriptor& entry) {
    const auto name = annotation(entry, kRefNameAnnotation);
    const auto same = std::ranges::find_if(index.entries, [&](const RawIndex::Entry& other) {
        return annotation(other.descriptor, kRefNameAnnotation) == name;
    });
    if (same == index.entries.end()) {
        index.entries.push_back(RawIndex::make_entry(entry));
    } else {
        *same = RawIndex::make_entry(entry);
    }
}

/// Lists a manifest unless it is listed, under whatever name.
LayoutFolder::Edited add_once(RawIndex& index, const Descriptor& entry) {
    const bool listed = std::ranges::any_of(index.entries, [&](const RawIndex::Entry& other) {
        return other.descriptor.digest == entry.digest;
    });
    if (listed) {
        return LayoutFolder::Edited::no;
    }
    index.entries.push_back(RawIndex::make_entry(entry));
    return LayoutFolder::Edited::yes;
}

class LayoutRepository final : public Repository {
  public:
    explicit LayoutRepository(std::unique_ptr<LayoutFiles> files)
        : files_(std::move(files)), folder_(*files_) {}

    std::string name() const override { return folder_.name(); }

    bool may_be_partial() const override { return true; }

    Result<StoredManifest> fetch_manifest(const Digest& digest) override;
    Result<StoredManifest> fetch_tag(std::string_view tag) override;
    Result<std::unique_ptr<Reader>> open_blob(const Descriptor& blob) override;
    Result<BlobFile> open_blob_file(const Descriptor& blob) override;
    Result<std::vector<std::string>> list_tags() override;
    Result<std::vector<Descriptor>> list_referrers(const Digest& subject,
                                                   std::string_view artifact_type) override;
    Result<bool> has_blob(const Descriptor& blob) override;
    Status put_blob(const Descriptor& blob, Reader& content) override;
    Status put_manifest(const StoredManifest& manifest, std::string_view tag) override;
    Status list_untagged(const Descriptor& manifest) override;
    Result<StoredManifest> update_tag(const std::string& tag, const NextContent& next) override;

  private:
    Result<StoredManifest> load_entry(const Descriptor& entry) const;
    Result<StoredManifest> load(const Digest& digest, std::string_view announced_type) const;
    bool is_image(const Descriptor& entry) const;
    Result<Descriptor> find_only(const RawIndex& index) const;
    Result<Descriptor> find_named(const RawIndex& index, std::string_view tag) const;
    Error no_such_name(const RawIndex& index, std::string message) const;
    Status collect_from(const Descriptor& entry,
                        const Digest& subject,
                        std::vector<Descriptor>& found) const;

    std::unique_ptr<LayoutFiles> files_;
    LayoutFiles& folder_;
};

Result<StoredManifest> LayoutRepository::load(const Digest& digest,
                                              std::string_view announced_type) const {
    BULLA_TRY_ASSIGN(BlobFile blob, folder_.open_blob(digest));
    const auto reader = make_reader(std::move(blob), digest.to_string());
    BULLA_TRY_ASSIGN(
        Bytes bytes,
        read_all(*reader, limits::kManifestBytes, "the manifest " + digest.to_string()));
    BULLA_TRY(check_digest(bytes, digest, name()));
    Descriptor descriptor{
        .media_type = document_type(announced_type, bytes), .digest = digest, .size = bytes.size()};
    return StoredManifest{std::move(descriptor), std::move(bytes)};
}

Result<StoredManifest> LayoutRepository::fetch_manifest(const Digest& digest) {
    return load(digest, {});
}

/// An entry that somebody may mean by "the image in this folder".
bool LayoutRepository::is_image(const Descriptor& entry) const {
    if (!is_runnable(entry) || is_side_name(annotation(entry, kRefNameAnnotation))) {
        return false;
    }
    const auto stored = load(entry.digest, entry.media_type);
    if (!stored) {
        return true; // the caller's own read will say what is wrong with it
    }
    const auto facts = read_facts(stored->bytes, stored->descriptor.media_type);
    return !facts || !facts->subject;
}

Error LayoutRepository::no_such_name(const RawIndex& index, std::string message) const {
    std::set<std::string> names;
    for (const auto& entry : index.entries) {
        const auto ref_name = annotation(entry.descriptor, kRefNameAnnotation);
        if (!ref_name.empty() && !is_side_name(ref_name)) {
            names.emplace(text::printable(ref_name));
        }
    }
    Error error{ErrorCode::not_found, std::move(message)};
    std::string list;
    for (const std::string& one : names) {
        list += (list.empty() ? "" : ", ") + one;
    }
    if (!list.empty()) {
        error = std::move(error)
                    .with("names in the layout", list)
                    .with_hint("name one of them: \"" + text::printable(folder_.name()) + ":" +
                               *names.begin() + "\"");
    }
    return error;
}

Result<Descriptor> LayoutRepository::find_only(const RawIndex& index) const {
    std::vector<const Descriptor*> images;
    for (const auto& entry : index.entries) {
        // Several names of one image are one image.
        const bool known = std::ranges::any_of(images, [&](const Descriptor* other) {
            return other->digest == entry.descriptor.digest;
        });
        if (!known && is_image(entry.descriptor)) {
            images.push_back(&entry.descriptor);
        }
    }
    if (images.size() == 1) {
        return *images.front();
    }
    const std::string layout = folder_.title() + " ";
    return no_such_name(index,
                        images.empty() ? layout + "holds no image"
                                       : layout + "holds " + std::to_string(images.size()) +
                                             " images, and which one is meant was not said");
}

Result<Descriptor> LayoutRepository::find_named(const RawIndex& index, std::string_view tag) const {
    const auto find = [&](auto matches) -> const Descriptor* {
        for (const auto& entry : index.entries) {
            if (matches(entry.descriptor)) {
                return &entry.descriptor;
            }
        }
        return nullptr;
    };
    const Descriptor* found =
        find([&](const Descriptor& e) { return annotation(e, kRefNameAnnotation) == tag; });
    if (found == nullptr) {
        found = find([&](const Descriptor& e) { return annotation(e, kContainerdName) == tag; });
    }
    if (found == nullptr) { // "app:1" for docker.io/library/app:1, which Docker writes
        const auto wanted = Reference::parse(tag);
        found = find([&](const Descriptor& e) {
            const auto name = Reference::parse(annotation(e, kContainerdName));
            return wanted && name && tag.find(':') != std::string_view::npos && *wanted == *name;
        });
    }
    if (found == nullptr) {
        found = find([&](const Descriptor& e) {
            return tag_part(annotation(e, kRefNameAnnotation)) == tag ||
                   tag_part(annotation(e, kContainerdName)) == tag;
        });
    }
    if (found != nullptr) {
        return *found;
    }
    return no_such_name(index, folder_.title() + " has no image \"" + text::printable(tag) + "\"");
}

Result<StoredManifest> LayoutRepository::fetch_tag(std::string_view tag) {
    BULLA_TRY_ASSIGN(const RawIndex index, folder_.read_index());
    BULLA_TRY_ASSIGN(const Descriptor entry,
                     tag.empty() ? find_only(index) : find_named(index, tag));
    return load_entry(entry);
}

/// What an entry of index.json stands for.
Result<StoredManifest> LayoutRepository::load_entry(const Descriptor& entry) const {
    BULLA_TRY_ASSIGN(StoredManifest stored, load(entry.digest, entry.media_type));
    if (stored.bytes.size() != entry.size) {
        return Error{ErrorCode::integrity,
                     entry.digest.to_string() + " is announced with " + std::to_string(entry.size) +
                         " bytes and has " + std::to_string(stored.bytes.size())};
    }
    return stored;
}

Result<BlobFile> LayoutRepository::open_blob_file(const Descriptor& blob) {
    BULLA_TRY_ASSIGN(BlobFile file, folder_.open_blob(blob.digest));
    // Whoever reads a part of a file stops at the announced size and cannot see what trails.
    if (file.offset && file.size != blob.size) {
        return Error{ErrorCode::integrity,
                     blob.digest.to_string() + " is announced with " + std::to_string(blob.size) +
                         " bytes and has " + std::to_string(file.size) + " in " + folder_.title()};
    }
    return file;
}

Result<std::unique_ptr<Reader>> LayoutRepository::open_blob(const Descriptor& blob) {
    BULLA_TRY_ASSIGN(BlobFile file, folder_.open_blob(blob.digest));
    return make_reader(std::move(file), blob.digest.to_string());
}

Result<std::vector<std::string>> LayoutRepository::list_tags() {
    BULLA_TRY_ASSIGN(const RawIndex index, folder_.read_index());
    std::set<std::string> names;
    for (const auto& entry : index.entries) {
        if (const auto name = annotation(entry.descriptor, kRefNameAnnotation); !name.empty()) {
            names.emplace(name);
        }
    }
    return std::vector<std::string>(names.begin(), names.end());
}

Status LayoutRepository::collect_from(const Descriptor& entry,
                                      const Digest& subject,
                                      std::vector<Descriptor>& found) const {
    auto stored = load(entry.digest, entry.media_type);
    const bool artifact = !entry.artifact_type.empty();
    if (!stored && stored.error().code == ErrorCode::not_found && !artifact) {
        // The images of other platforms may be absent (image-spec image-layout.md). A missing
        // artifact may be the evidence that is looked for, and must not pass for its absence.
        return ok();
    }
    if (!stored) {
        return std::move(stored.error());
    }
    const auto facts = read_facts(stored->bytes, stored->descriptor.media_type);
    if (facts && facts->subject && facts->subject->digest == subject) {
        found.push_back(referrer_entry(stored->descriptor, *facts));
    }
    return ok();
}

Result<std::vector<Descriptor>> LayoutRepository::list_referrers(const Digest& subject,
                                                                 std::string_view artifact_type) {
    BULLA_TRY_ASSIGN(const RawIndex index, folder_.read_index());
    std::vector<Descriptor> found;
    const std::string fallback = referrers_tag(subject);
    for (const auto& entry : index.entries) {
        const Descriptor& descriptor = entry.descriptor;
        const bool document = media_type::is_manifest(descriptor.media_type) ||
                              media_type::is_index(descriptor.media_type);
        if (!document || descriptor.digest == subject) {
            continue;
        }
        if (annotation(descriptor, kRefNameAnnotation) == fallback) {
            BULLA_TRY_ASSIGN(const StoredManifest stored,
                             load(descriptor.digest, descriptor.media_type));
            BULLA_TRY_ASSIGN(const Index list,
                             parse_index(stored.bytes, stored.descriptor.media_type));
            for (const Descriptor& listed : list.manifests) {
                BULLA_TRY(collect_from(listed, subject, found));
            }
            continue;
        }
        BULLA_TRY(collect_from(descriptor, subject, found));
    }
    std::erase_if(found, [&](const Descriptor& entry) {
        return !artifact_type.empty() && entry.artifact_type != artifact_type;
    });
    std::ranges::sort(found, {}, &Descriptor::digest);
    const auto twins = std::ranges::unique(found, {}, &Descriptor::digest);
    found.erase(twins.begin(), twins.end());
    return found;
}

Result<bool> LayoutRepository::has_blob(const Descriptor& blob) {
    return folder_.has_blob(blob.digest, blob.size);
}

Status LayoutRepository::put_blob(const Descriptor& blob, Reader& content) {
    BULLA_TRY_ASSIGN(const bool there, folder_.has_blob(blob.digest, blob.size));
    if (there) {
        return ok();
    }
    VerifyingReader verifying(std::make_unique<BorrowedReader>(content), blob);
    return folder_.write_blob(blob, verifying);
}

Status LayoutRepository::put_manifest(const StoredManifest& manifest, std::string_view tag) {
    BULLA_TRY_ASSIGN(const ManifestFacts facts,
                     read_facts(manifest.bytes, manifest.descriptor.media_type));
    MemoryReader content(manifest.bytes);
    BULLA_TRY(put_blob(manifest.descriptor, content));
    if (tag.empty() && !facts.subject) {
        return ok(); // a part of an index; list_untagged makes a root of it
    }
    Descriptor entry{.media_type = manifest.descriptor.media_type,
                     .digest = manifest.descriptor.digest,
                     .size = manifest.descriptor.size};
    if (facts.subject) {
        entry = referrer_entry(entry, facts);
    }
    if (!tag.empty()) {
        entry.annotations[std::string(kRefNameAnnotation)] = tag;
    }
    return folder_.edit_index([&](RawIndex& index) -> Result<LayoutFolder::Edited> {
        if (!tag.empty()) {
            set_named(index, entry);
            return LayoutFolder::Edited::yes;
        }
        return add_once(index, entry);
    });
}

Status LayoutRepository::list_untagged(const Descriptor& manifest) {
    return folder_.edit_index([&](RawIndex& index) -> Result<LayoutFolder::Edited> {
        return add_once(
            index,
            {.media_type = manifest.media_type, .digest = manifest.digest, .size = manifest.size});
    });
}

Result<StoredManifest> LayoutRepository::update_tag(const std::string& tag,
                                                    const NextContent& next) {
    std::optional<StoredManifest> held;
    const auto edit = [&](RawIndex& index) -> Result<LayoutFolder::Edited> {
        const auto entry = find_named(index, tag);
        if (entry) {
            BULLA_TRY_ASSIGN(held, load_entry(*entry));
        } else if (entry.error().code != ErrorCode::not_found) {
            return entry.error();
        }
        BULLA_TRY_ASSIGN(auto wanted, next(held ? &*held : nullptr));
        if (!wanted) {
            return LayoutFolder::Edited::no;
        }
        BULLA_TRY(put_blobs(*this, wanted->blobs));
        const Descriptor& manifest = wanted->manifest.descriptor;
        MemoryReader content(wanted->manifest.bytes);
        BULLA_TRY(put_blob(manifest, content));
        Descriptor named{
            .media_type = manifest.media_type, .digest = manifest.digest, .size = manifest.size};
        named.annotations[std::string(kRefNameAnnotation)] = tag;
        set_named(index, named);
        held = std::move(wanted->manifest);
        return LayoutFolder::Edited::yes;
    };
    BULLA_TRY(folder_.edit_index(edit));
    if (!held) {
        return Error{ErrorCode::internal, "nothing is to be stored under the name " + tag};
    }
    return std::move(*held);
}

} // namespace

Result<std::unique_ptr<Repository>> open_layout(const std::string& path) {
    BULLA_TRY_ASSIGN(LayoutFolder folder, LayoutFolder::open(path));
    return make_layout_repository(std::make_unique<LayoutFolder>(std::move(folder)));
}

std::unique_ptr<Repository> make_layout_repository(std::unique_ptr<LayoutFiles> files) {
    return std::make_unique<LayoutRepository>(std::move(files));
}

Result<std::unique_ptr<Repository>> create_or_open_layout(const std::string& path) {
    BULLA_TRY_ASSIGN(LayoutFolder folder, LayoutFolder::create_or_open(path));
    return make_layout_repository(std::make_unique<LayoutFolder>(std::move(folder)));
}

} // namespace bulla::oci
