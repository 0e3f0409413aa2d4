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
    using UpdateTag =
        std::function<Result<StoredManifest>(const std::string& tag, const NextContent& next)>;

    RegistryReferrers(RegistrySession& session, FetchManifest fetch, UpdateTag update)
        : session_(session), fetch_(std::move(fetch)), update_(std::move(update)) {}

    Result<std::vector<Descriptor>> list(const Digest& subject, std::string_view artifact_type);

    /// Whether it is known if there is an API.
    bool knows_api() const { return api_ != Api::unknown; }

    /// Finds out if it can; whoever needs to know asks again if not.
    void find_api(const Digest& subject) { static_cast<void>(list_api(subject, {})); }

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
    UpdateTag update_;
    std::atomic<Api> api_ = Api::unknown;
};

} // namespace bulla::oci
