// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "oci/store/registry_session.hpp"
#include "oci/store/stored_manifest.hpp"

#include <atomic>
#include <cstdint>
#include <functional>

namespace bulla::oci {

/// What refers to a manifest of a registry: through the referrers API where there is one, else
/// through the index under the fallback tag (distribution-spec "Referrers Tag Schema"). Remembers
/// which of the two this repository has.
class RegistryReferrers {
  public:
    using FetchManifest = std::function<Result<StoredManifest>(const std::string& version)>;
    using PutManifest = std::function<Result<http::Response>(const StoredManifest& manifest,
                                                             const std::string& tag)>;

    RegistryReferrers(RegistrySession& session, FetchManifest fetch, PutManifest put)
        : session_(session), fetch_(std::move(fetch)), put_(std::move(put)) {}

    Result<std::vector<Descriptor>> list(const Digest& subject, std::string_view artifact_type);

    /// After a manifest with a subject was stored with the answer `stored`: makes sure that it is
    /// listed.
    Status
    add(const Descriptor& manifest, const ManifestFacts& facts, const http::Response& stored);

  private:
    enum class Api : std::uint8_t { unknown, present, absent };

    Result<std::vector<Descriptor>> list_api(const Digest& subject, std::string_view artifact_type);
    Result<std::vector<Descriptor>> list_fallback(const Digest& subject,
                                                  std::string_view artifact_type);
    Result<http::Response> ask(const std::string& url, Api& verdict);
    Status complete(Descriptor& entry);
    Status write_fallback(const Descriptor& entry, const Digest& subject);

    RegistrySession& session_;
    FetchManifest fetch_;
    PutManifest put_;
    std::atomic<Api> api_ = Api::unknown;
};

} // namespace bulla::oci
