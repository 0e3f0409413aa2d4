// SPDX-License-Identifier: Apache-2.0
#include "oci/store/registry_repository.hpp"

#include "base/core/side_by_side.hpp"
#include "base/core/text.hpp"
#include "base/json/json.hpp"
#include "oci/store/link_header.hpp"
#include "oci/store/registry_blob_reader.hpp"
#include "oci/store/registry_referrers.hpp"
#include "oci/store/registry_upload.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <map>
#include <mutex>
#include <thread>

namespace bulla::oci {

namespace {

/// All four on every request: a registry that misses the stored type answers as if there were
/// nothing.
std::string accepted_types() {
    std::string out;
    for (const std::string_view type : {media_type::kManifest,
                                        media_type::kIndex,
                                        media_type::kDockerManifest,
                                        media_type::kDockerIndex}) {
        out += (out.empty() ? "" : ", ") + std::string(type);
    }
    return out;
}

class RegistryRepository final : public Repository {
  public:
    RegistryRepository(const Reference& reference, const RegistryOptions& options)
        : session_(std::make_shared<RegistrySession>(reference, options)),
          referrers_(
              *session_,
              [this](const std::string& version) { return fetch(version); },
              [this](const std::string& tag, const NextContent& next) {
                  return update_tag(tag, next);
              }) {}

    std::string name() const override { return session_->reference().name(); }

    Result<StoredManifest> fetch_manifest(const Digest& digest) override {
        BULLA_TRY_ASSIGN(StoredManifest out, fetch(digest.to_string()));
        BULLA_TRY(check_digest(out.bytes, digest, session_->reference().registry()));
        out.descriptor.digest = digest;
        return out;
    }

    Result<StoredManifest> fetch_tag(std::string_view tag) override {
        if (!is_valid_tag(tag)) {
            return Error{ErrorCode::usage, "\"" + text::printable(tag) + "\" is not a tag"};
        }
        return fetch(std::string(tag));
    }

    Result<std::unique_ptr<Reader>> open_blob(const Descriptor& blob) override {
        return open_registry_blob(session_, blob);
    }

    Result<std::vector<std::string>> list_tags() override;

    Result<std::vector<Descriptor>> list_referrers(const Digest& subject,
                                                   std::string_view artifact_type) override {
        return referrers_.list(subject, artifact_type);
    }

    Result<bool> has_blob(const Descriptor& blob) override;

    bool mount_blob(const Descriptor& blob, const BlobSource& from) override;
    Status put_blob(const Descriptor& blob, Reader& content) override;

    std::chrono::microseconds slowest_answer() const override { return session_->slowest_answer(); }

    Status put_new_blob(const Descriptor& blob, Reader& content) override {
        return upload_blob(*session_, blob, content);
    }

    Status put_manifest(const StoredManifest& manifest, std::string_view tag) override;

  private:
    Result<StoredManifest> fetch(const std::string& version);
    Result<http::Response> put(const StoredManifest& manifest, const std::string& version);

    std::shared_ptr<RegistrySession> session_; ///< shared with the readers of blobs
    RegistryReferrers referrers_;
    std::mutex mutex_{};
    /// Sessions that the registry opened instead of mounting, for the upload that follows.
    std::map<Digest, std::unique_ptr<OpenUpload>> begun_{};
    std::atomic<bool> mounts_refused_ = false; ///< asked once: the answer is for the repository
};

bool RegistryRepository::mount_blob(const Descriptor& blob, const BlobSource& from) {
    // Only what is known to be a repository of the same registry: the name of a repository
    // elsewhere is no business of this one, and some treat it as an error.
    const auto* const other = dynamic_cast<const RegistryRepository*>(&from);
    if (other == nullptr || mounts_refused_) {
        return false;
    }
    const Reference& here = session_->reference();
    const Reference& there = other->session_->reference();
    if (here.registry() != there.registry() || here.repository() == there.repository()) {
        return false;
    }
    MountOutcome outcome = mount_blob_from(*session_, blob, there.repository());
    if (outcome.kind == MountOutcome::Kind::refused) {
        mounts_refused_ = true;
    }
    if (outcome.kind == MountOutcome::Kind::begun) {
        const std::lock_guard lock(mutex_);
        begun_.insert_or_assign(blob.digest, std::move(outcome.upload));
    }
    return outcome.kind == MountOutcome::Kind::mounted;
}

Status RegistryRepository::put_blob(const Descriptor& blob, Reader& content) {
    std::unique_ptr<OpenUpload> begun;
    {
        const std::lock_guard lock(mutex_);
        if (auto found = begun_.extract(blob.digest)) {
            begun = std::move(found.mapped());
        }
    }
    if (begun == nullptr) {
        BULLA_TRY_ASSIGN(const bool there, has_blob(blob));
        if (there) {
            return ok();
        }
    }
    return upload_blob(*session_, blob, content, std::move(begun));
}

Result<StoredManifest> RegistryRepository::fetch(const std::string& version) {
    http::Request request;
    BULLA_TRY_ASSIGN(request.url, session_->url("manifests/" + version));
    request.headers = {{"Accept", accepted_types()}};
    request.max_response_bytes = limits::kManifestBytes;
    BULLA_TRY_ASSIGN(http::Response response, session_->send(std::move(request), Access::pull));
    if (response.status != 200) {
        return session_->error(response, "the manifest \"" + version + "\"");
    }
    const std::string type =
        document_type(response.header("Content-Type").value_or(""), response.body);
    // The digest is our own: a header may say anything (CVE-2023-47630).
    Descriptor descriptor = describe(type, response.body);
    return StoredManifest{std::move(descriptor), std::move(response.body)};
}

/// docker-registry 2.8 reads the files by which a repository knows its blobs while somebody else
/// who uploads the same blob rewrites them, finds them empty, and calls that a wrong digest. The
/// digest was checked here, so it is worth asking again.
bool met_another_upload(const http::Response& response) {
    return response.status == 400 && RegistrySession::error_code(response) == "DIGEST_INVALID";
}

Result<http::Response> RegistryRepository::put(const StoredManifest& manifest,
                                               const std::string& version) {
    constexpr int kAttempts = 5;
    http::Request request;
    request.method = "PUT";
    BULLA_TRY_ASSIGN(request.url, session_->url("manifests/" + version));
    request.headers = {{"Content-Type", manifest.descriptor.media_type}};
    request.body_bytes = manifest.bytes;
    for (int attempt = 1;; ++attempt) {
        auto response = session_->send(request, Access::push);
        if (!response || !met_another_upload(*response) || attempt == kAttempts) {
            return response;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(10) * (1 << attempt));
    }
}

Status RegistryRepository::put_manifest(const StoredManifest& manifest, std::string_view tag) {
    if (!tag.empty() && !is_valid_tag(tag)) {
        return Error{ErrorCode::usage, "\"" + text::printable(tag) + "\" is not a tag"};
    }
    BULLA_TRY(
        check_digest(manifest.bytes, manifest.descriptor.digest, "the manifest to be stored"));
    BULLA_TRY_ASSIGN(const ManifestFacts facts,
                     read_facts(manifest.bytes, manifest.descriptor.media_type));
    const std::string version =
        tag.empty() ? manifest.descriptor.digest.to_string() : std::string(tag);
    // What the registry does with referrers is found out while it stores the first.
    std::optional<Result<http::Response>> answer;
    const bool ask = facts.subject && !referrers_.knows_api();
    side_by_side(ask ? 2 : 1, 2, [&](std::size_t number) {
        if (number == 0) {
            answer = put(manifest, version);
        } else {
            referrers_.find_api(facts.subject->digest);
        }
    });
    BULLA_TRY_ASSIGN(const http::Response response, std::move(*answer));
    if (response.status != 201 && response.status != 200 && response.status != 202) {
        return session_->error(response, "storing the manifest " + version);
    }
    return facts.subject ? referrers_.add(manifest.descriptor, facts, response) : ok();
}

Result<bool> RegistryRepository::has_blob(const Descriptor& blob) {
    http::Request request;
    request.method = "HEAD";
    BULLA_TRY_ASSIGN(request.url, session_->url("blobs/" + blob.digest.to_string()));
    // A redirect says that it is there; the place it leads to may be signed for GET only.
    request.redirects = http::Request::Redirects::return_response;
    BULLA_TRY_ASSIGN(const http::Response response,
                     session_->send(std::move(request), Access::push));
    if (response.status == 200 || (response.status >= 300 && response.status < 400)) {
        return true;
    }
    if (response.status == 404) {
        return false;
    }
    return session_->error(response, "the blob " + blob.digest.to_string());
}

Result<std::vector<std::string>> RegistryRepository::list_tags() {
    std::vector<std::string> out;
    BULLA_TRY_ASSIGN(std::string url, session_->url("tags/list"));
    BULLA_TRY_ASSIGN(const http::Url origin, http::parse_url(url));
    for (std::size_t page = 0; page < limits::kTagPages; ++page) {
        http::Request request;
        request.url = url;
        request.max_response_bytes = limits::kManifestBytes;
        BULLA_TRY_ASSIGN(const http::Response response,
                         session_->send(std::move(request), Access::pull));
        if (response.status != 200) {
            return session_->error(response, "the list of tags");
        }
        json::ParseOptions options;
        options.what = "the list of tags";
        BULLA_TRY_ASSIGN(const json::Document document,
                         json::Document::parse(response.body, options));
        for (const json::Value tag : document.root()["tags"].elements()) {
            out.push_back(tag.string_or(""));
        }
        const auto link = next_link(response.header("Link").value_or(""));
        if (out.size() > limits::kTags) {
            break;
        }
        if (!link) {
            std::ranges::sort(out);
            const auto twins = std::ranges::unique(out);
            out.erase(twins.begin(), twins.end());
            std::erase_if(out, [](const std::string& tag) { return !is_valid_tag(tag); });
            return out;
        }
        BULLA_TRY_ASSIGN(url, http::resolve(url, *link));
        BULLA_TRY_ASSIGN(const http::Url next, http::parse_url(url));
        if (!http::same_origin(origin, next)) {
            return Error{ErrorCode::unavailable,
                         "the registry continues its list of tags on another host, " +
                             text::printable(next.host)};
        }
    }
    return Error{ErrorCode::limit_exceeded,
                 "the list of tags of " + name() + " has no end within " +
                     std::to_string(limits::kTagPages) + " pages and " +
                     std::to_string(limits::kTags) + " tags"};
}

} // namespace

Result<std::unique_ptr<Repository>> open_registry(const Reference& reference,
                                                  const RegistryOptions& options) {
    return std::unique_ptr<Repository>(std::make_unique<RegistryRepository>(reference, options));
}

} // namespace bulla::oci
