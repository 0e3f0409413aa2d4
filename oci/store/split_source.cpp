// SPDX-License-Identifier: Apache-2.0
#include "oci/store/split_source.hpp"

#include <mutex>
#include <set>

namespace bulla::oci {

namespace {

class SplitSource final : public BlobSource {
  public:
    SplitSource(BlobSource& image, BlobSource& evidence) : image_(image), evidence_(evidence) {}

    std::string name() const override { return image_.name(); }

    Result<StoredManifest> fetch_manifest(const Digest& digest) override {
        if (!is_evidence(digest)) {
            return image_.fetch_manifest(digest);
        }
        auto stored = evidence_.fetch_manifest(digest);
        if (stored) {
            remember_parts(*stored);
        }
        return stored;
    }

    Result<StoredManifest> fetch_tag(std::string_view tag) override {
        auto stored = evidence_.fetch_tag(tag);
        if (stored) {
            remember(stored->descriptor.digest);
            remember_parts(*stored);
        }
        return stored;
    }

    Result<std::unique_ptr<Reader>> open_blob(const Descriptor& blob) override {
        return place_of(blob).open_blob(blob);
    }

    Result<BlobFile> open_blob_file(const Descriptor& blob) override {
        return place_of(blob).open_blob_file(blob);
    }

    Result<std::vector<std::string>> list_tags() override { return image_.list_tags(); }

    Result<std::vector<Descriptor>> list_referrers(const Digest& subject,
                                                   std::string_view artifact_type) override {
        auto listed = evidence_.list_referrers(subject, artifact_type);
        if (!listed && listed.error().code == ErrorCode::not_found) {
            return std::vector<Descriptor>();
        }
        if (listed) {
            for (const Descriptor& entry : *listed) {
                remember(entry.digest);
            }
        }
        return listed;
    }

  private:
    BlobSource& place_of(const Descriptor& blob) {
        return is_evidence(blob.digest) ? evidence_ : image_;
    }

    bool is_evidence(const Digest& digest) {
        const std::lock_guard lock(mutex_);
        return known_.contains(digest);
    }

    void remember(const Digest& digest) {
        const std::lock_guard lock(mutex_);
        known_.insert(digest);
    }

    /// What a manifest names is where the manifest is: registries insist on it. What cannot be read
    /// names nothing, and whoever reads it next says so.
    void remember_parts(const StoredManifest& stored) {
        const std::string& type = stored.descriptor.media_type;
        if (media_type::is_index(type)) {
            if (const auto index = parse_index(stored.bytes, type)) {
                for (const Descriptor& entry : index->manifests) {
                    remember(entry.digest);
                }
            }
        } else if (const auto manifest = parse_manifest(stored.bytes, type)) {
            remember(manifest->config.digest);
            for (const Descriptor& layer : manifest->layers) {
                remember(layer.digest);
            }
        }
    }

    BlobSource& image_;
    BlobSource& evidence_;
    std::mutex mutex_;
    std::set<Digest> known_; ///< to be in the evidence repository
};

} // namespace

std::unique_ptr<BlobSource> join_sources(BlobSource& image, BlobSource& evidence) {
    return std::make_unique<SplitSource>(image, evidence);
}

} // namespace bulla::oci
