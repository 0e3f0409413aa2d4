// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "oci/store/repository.hpp"

#include <map>
#include <mutex>
#include <string>

namespace bulla::test {

/// A repository in memory with the semantics of a registry that has the referrers API: manifests
/// and blobs by digest, tags, referrers found by looking at subjects. A manifest that names blobs
/// or children that are not there is refused, as registries do.
class MemoryRepository final : public oci::Repository {
  public:
    explicit MemoryRepository(std::string name = "memory/app") : name_(std::move(name)) {}

    std::string name() const override { return name_; }

    Result<oci::StoredManifest> fetch_manifest(const Digest& digest) override;
    Result<oci::StoredManifest> fetch_tag(std::string_view tag) override;
    Result<std::unique_ptr<Reader>> open_blob(const oci::Descriptor& blob) override;
    Result<std::vector<std::string>> list_tags() override;
    Result<std::vector<oci::Descriptor>> list_referrers(const Digest& subject,
                                                        std::string_view artifact_type) override;
    Result<bool> has_blob(const oci::Descriptor& blob) override;
    Status put_blob(const oci::Descriptor& blob, Reader& content) override;
    Status put_manifest(const oci::StoredManifest& manifest, std::string_view tag) override;

    /// Changes what a later open_blob gives for a digest, to play a source that lies.
    void replace_blob(const Digest& digest, Bytes bytes);

    std::size_t blob_count() const;
    std::size_t manifest_count() const;

  private:
    mutable std::mutex mutex_;
    std::string name_;
    std::map<Digest, Bytes> blobs_;
    std::map<Digest, oci::StoredManifest> manifests_;
    std::map<std::string, Digest, std::less<>> tags_;
};

/// Stores an image of one layer and returns its manifest, tagged unless `tag` is empty. Different
/// contents make different images.
oci::StoredManifest
put_image(oci::BlobSink& sink, std::string_view layer_content, std::string_view tag);

/// Stores an artifact of one payload that refers to `subject`.
oci::StoredManifest put_artifact(oci::BlobSink& sink,
                                 const oci::Descriptor& subject,
                                 std::string_view artifact_type,
                                 std::string_view payload);

/// Stores an index of manifests that are there already.
oci::StoredManifest
put_index(oci::BlobSink& sink, std::vector<oci::Descriptor> manifests, std::string_view tag);

} // namespace bulla::test
