// SPDX-License-Identifier: Apache-2.0
#include "tests/support/memory_repository.hpp"

#include "base/core/text.hpp"
#include "base/crypto/hasher.hpp"

#include <stdexcept>

namespace bulla::test {

namespace {

/// Reads bytes it owns.
class OwningReader final : public Reader {
  public:
    explicit OwningReader(Bytes bytes) : bytes_(std::move(bytes)), reader_(bytes_) {}

    Result<std::size_t> read(std::span<char> into) override { return reader_.read(into); }

  private:
    Bytes bytes_;
    MemoryReader reader_;
};

class Borrowed final : public Reader {
  public:
    explicit Borrowed(Reader& inner) : inner_(inner) {}

    Result<std::size_t> read(std::span<char> into) override { return inner_.read(into); }

  private:
    Reader& inner_;
};

Error missing(std::string_view what) {
    return Error{ErrorCode::not_found, text::printable(what) + " is not there"};
}

void require(Status status) {
    if (!status) {
        throw std::runtime_error(status.error().message);
    }
}

oci::StoredManifest
store(oci::BlobSink& sink, Bytes bytes, std::string type, std::string_view tag) {
    oci::StoredManifest out{oci::describe(std::move(type), bytes), std::move(bytes)};
    require(sink.put_manifest(out, tag));
    return out;
}

oci::Descriptor put(oci::BlobSink& sink, std::string_view type, std::string_view bytes) {
    auto descriptor = oci::put_bytes(sink, std::string(type), bytes);
    if (!descriptor) {
        throw std::runtime_error(descriptor.error().message);
    }
    return *descriptor;
}

} // namespace

Result<oci::StoredManifest> MemoryRepository::fetch_manifest(const Digest& digest) {
    const std::lock_guard lock(mutex_);
    const auto found = manifests_.find(digest);
    if (found == manifests_.end()) {
        return missing(digest.to_string());
    }
    return found->second;
}

Result<oci::StoredManifest> MemoryRepository::fetch_tag(std::string_view tag) {
    const std::lock_guard lock(mutex_);
    const auto found = tags_.find(tag);
    if (found == tags_.end()) {
        return missing(tag);
    }
    return manifests_.at(found->second);
}

Result<std::unique_ptr<Reader>> MemoryRepository::open_blob(const oci::Descriptor& blob) {
    const std::lock_guard lock(mutex_);
    const auto found = blobs_.find(blob.digest);
    if (found == blobs_.end()) {
        return missing(blob.digest.to_string());
    }
    return std::unique_ptr<Reader>(std::make_unique<OwningReader>(found->second));
}

Result<std::vector<std::string>> MemoryRepository::list_tags() {
    const std::lock_guard lock(mutex_);
    std::vector<std::string> out;
    for (const auto& [tag, digest] : tags_) {
        out.push_back(tag);
    }
    return out;
}

Result<std::vector<oci::Descriptor>>
MemoryRepository::list_referrers(const Digest& subject, std::string_view artifact_type) {
    const std::lock_guard lock(mutex_);
    std::vector<oci::Descriptor> out;
    for (const auto& [digest, stored] : manifests_) {
        if (!oci::media_type::is_manifest(stored.descriptor.media_type)) {
            continue;
        }
        const auto manifest = oci::parse_manifest(stored.bytes, stored.descriptor.media_type);
        if (!manifest || !manifest->subject || manifest->subject->digest != subject) {
            continue;
        }
        oci::Descriptor entry = stored.descriptor;
        entry.artifact_type = manifest->effective_artifact_type();
        entry.annotations = manifest->annotations;
        if (artifact_type.empty() || entry.artifact_type == artifact_type) {
            out.push_back(std::move(entry));
        }
    }
    return out;
}

Result<bool> MemoryRepository::has_blob(const oci::Descriptor& blob) {
    const std::lock_guard lock(mutex_);
    return blobs_.contains(blob.digest);
}

Status MemoryRepository::put_blob(const oci::Descriptor& blob, Reader& content) {
    oci::VerifyingReader verifying(std::make_unique<Borrowed>(content), blob);
    BULLA_TRY_ASSIGN(Bytes bytes, read_all(verifying, blob.size, "the blob"));
    const std::lock_guard lock(mutex_);
    blobs_.insert_or_assign(blob.digest, std::move(bytes));
    return ok();
}

Status MemoryRepository::put_manifest(const oci::StoredManifest& manifest, std::string_view tag) {
    const std::string& type = manifest.descriptor.media_type;
    const std::lock_guard lock(mutex_);
    const auto refuse = [](const Digest& digest) {
        return Error{ErrorCode::unavailable, "MANIFEST_BLOB_UNKNOWN: " + digest.to_string()};
    };
    if (oci::media_type::is_index(type)) {
        BULLA_TRY_ASSIGN(const oci::Index index, oci::parse_index(manifest.bytes, type));
        for (const oci::Descriptor& entry : index.manifests) {
            if (oci::media_type::is_manifest(entry.media_type) &&
                !manifests_.contains(entry.digest)) {
                return refuse(entry.digest);
            }
        }
    } else {
        BULLA_TRY_ASSIGN(const oci::Manifest document, oci::parse_manifest(manifest.bytes, type));
        std::vector<oci::Descriptor> wanted = document.layers;
        wanted.push_back(document.config);
        for (const oci::Descriptor& blob : wanted) {
            if (!blobs_.contains(blob.digest) && oci::media_type::layer_kind(blob.media_type) !=
                                                     oci::media_type::LayerKind::foreign_tar) {
                return refuse(blob.digest);
            }
        }
    }
    manifests_.insert_or_assign(manifest.descriptor.digest, manifest);
    if (!tag.empty()) {
        tags_.insert_or_assign(std::string(tag), manifest.descriptor.digest);
    }
    return ok();
}

void MemoryRepository::replace_blob(const Digest& digest, Bytes bytes) {
    const std::lock_guard lock(mutex_);
    blobs_.insert_or_assign(digest, std::move(bytes));
}

std::size_t MemoryRepository::blob_count() const {
    const std::lock_guard lock(mutex_);
    return blobs_.size();
}

std::size_t MemoryRepository::manifest_count() const {
    const std::lock_guard lock(mutex_);
    return manifests_.size();
}

oci::StoredManifest
put_image(oci::BlobSink& sink, std::string_view layer_content, std::string_view tag) {
    const std::string config =
        R"({"architecture":"amd64","os":"linux","rootfs":{"type":"layers","diff_ids":[")" +
        crypto::digest(layer_content).to_string() + R"("]}})";
    oci::Manifest manifest{.media_type = std::string(oci::media_type::kManifest),
                           .config = put(sink, oci::media_type::kConfig, config)};
    manifest.layers.push_back(put(sink, "application/vnd.oci.image.layer.v1.tar", layer_content));
    return store(sink, encode(manifest), manifest.media_type, tag);
}

oci::StoredManifest put_artifact(oci::BlobSink& sink,
                                 const oci::Descriptor& subject,
                                 std::string_view artifact_type,
                                 std::string_view payload) {
    oci::Manifest manifest{.media_type = std::string(oci::media_type::kManifest),
                           .artifact_type = std::string(artifact_type),
                           .config = put(sink, oci::media_type::kEmpty, "{}")};
    manifest.layers.push_back(put(sink, artifact_type, payload));
    manifest.subject = oci::Descriptor{
        .media_type = subject.media_type, .digest = subject.digest, .size = subject.size};
    manifest.annotations["org.example.note"] = "kept";
    return store(sink, encode(manifest), manifest.media_type, {});
}

oci::StoredManifest
put_index(oci::BlobSink& sink, std::vector<oci::Descriptor> manifests, std::string_view tag) {
    const oci::Index index{.media_type = std::string(oci::media_type::kIndex),
                           .manifests = std::move(manifests)};
    return store(sink, encode(index), index.media_type, tag);
}

} // namespace bulla::test
