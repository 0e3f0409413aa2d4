// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "oci/store/repository.hpp"

namespace bulla::test {

/// Hands everything on to another repository; tests replace single answers.
class Passing : public oci::Repository {
  public:
    explicit Passing(oci::Repository& inner) : inner_(inner) {}

    std::string name() const override { return inner_.name(); }

    Result<oci::StoredManifest> fetch_manifest(const Digest& digest) override {
        return inner_.fetch_manifest(digest);
    }

    Result<oci::StoredManifest> fetch_tag(std::string_view tag) override {
        return inner_.fetch_tag(tag);
    }

    Result<std::unique_ptr<Reader>> open_blob(const oci::Descriptor& blob) override {
        return inner_.open_blob(blob);
    }

    Result<std::vector<std::string>> list_tags() override { return inner_.list_tags(); }

    Result<std::vector<oci::Descriptor>> list_referrers(const Digest& subject,
                                                        std::string_view type) override {
        return inner_.list_referrers(subject, type);
    }

    Result<bool> has_blob(const oci::Descriptor& blob) override { return inner_.has_blob(blob); }

    Status put_blob(const oci::Descriptor& blob, Reader& content) override {
        return inner_.put_blob(blob, content);
    }

    Status put_manifest(const oci::StoredManifest& manifest, std::string_view tag) override {
        return inner_.put_manifest(manifest, tag);
    }

  protected:
    oci::Repository& inner_;
};

} // namespace bulla::test
